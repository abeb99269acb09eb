"""Label Studio's tasks: people's labels are annotations, a model's are predictions, never both.

Who gave a label stands in `annotator` beside the annotation and not in `completed_by`: Label Studio
refuses a whole file for one person whom it does not know.
"""

from __future__ import annotations

from urllib.parse import quote
from xml.sax.saxutils import quoteattr  # nosec B406

from typing_extensions import override

from annotator.export.formats.format import Format, JsonList
from annotator.export.line import Line, cells
from annotator.model import ExportRow

LOCAL = "/data/local-files/?d="  # where Label Studio serves files of its machine
IN_DATA = ("path", "name", "sha256", "file_sha256", "split", "group", "pages", "flag", "note")
OF_PEOPLE = ("source", "annotator", "reason", "propensity", "suggestion_shown", "why_unclear")
OF_MODELS = ("round", "model", "probabilities")
SKIPPED = "was_cancel" + "led"  # as Label Studio spells it


class LabelStudio(Format):
    """`tasks.json`, and `config.xml`, the labeling interface that it belongs to."""

    says = "tasks.json and config.xml for Label Studio; pseudo-labels are predictions"
    reader = "Label Studio"
    suffixes = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp"})  # browsers show these

    @override
    def begin(self) -> None:
        (self.folder / "config.xml").write_text(config(self.about.classes), encoding="utf-8")
        self._tasks = JsonList(self.text("tasks.json"))

    @override
    def add(self, row: ExportRow, line: Line) -> None:
        values = cells(line)
        data = {name: values[name] for name in IN_DATA}
        data["image"] = LOCAL + quote(line.path) if self.about.images else line.path
        result = [
            {
                "from_name": "label",
                "to_name": "image",
                "type": "choices",
                "value": {"choices": [line.label]},
            }
        ]
        task: dict[str, object] = {"data": data}
        if line.source == "pseudo":
            version = f"round {line.round}, {line.model}"
            guess = {"model_version": version, "score": line.confidence, "result": result}
            more = {name: values[name] for name in OF_MODELS}
            task["predictions"] = [guess | more]
        else:
            given: dict[str, object] = {name: values[name] for name in OF_PEOPLE}
            given |= {"lead_time": line.seconds, "created_at": line.at, "result": result}
            if line.label is None:  # Label Studio's own way to say that nobody can tell
                given |= {SKIPPED: True, "result": []}
            task["annotations"] = [given]
        self._tasks.add(task)

    @override
    def finish(self) -> None:
        self._tasks.end()

    @override
    def notes(self) -> list[str]:
        if not self.about.images:
            return ["Each task names its image as it was imported: put addresses there."]
        return [
            "Label Studio finds the images if it serves files from this folder: set "
            "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true and "
            "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT to the export, and add a local storage there."
        ]


def config(classes: tuple[str, ...]) -> str:
    """The labeling interface: an image and one choice of its class."""
    choices = "\n".join(f"    <Choice value={_attribute(name)}/>" for name in classes)
    return (
        '<View>\n  <Image name="image" value="$image"/>\n'
        f'  <Choices name="label" toName="image" choice="single">\n{choices}\n'
        "  </Choices>\n</View>\n"
    )


def _attribute(name: str) -> str:
    """A class name as XML has it; what XML has no sign for is left out."""
    return quoteattr(
        "".join(each for each in name if each >= " " and not "\ud800" <= each <= "\udfff")
    )
