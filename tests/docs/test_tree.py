"""The tree keeps its own rules: small files, small rooms, telling names, nothing of one machine."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT, tracked

MOST_LINES = 300
MOST_FILES = 14  # Python files a folder
MOST_LOOSE = 2  # modules of annotator that are in no room
CODE = {".py", ".js", ".css", ".html"}
VAGUE = {"utils", "util", "helpers", "helper", "base", "common", "misc"}
# American spelling: what is looked for, written so that this file does not have it
BRITISH = [
    r"labe[l]l(?!imit)",  # that is a word of Vega's, in camel case
    r"cance[l]l(?!ation)",
    r"colo[u]r",
    r"behavio[u]r",
    r"neighbo[u]r",
    r"judg[e]ment",
    r"cent[r]e",
    r"optimi[s](?![tm])",
    r"normali[s]",
]
SPELLED = {*CODE, ".md", ".toml"}
HISTORY = ROOT / "annotator" / "store" / "schema" / "early.py"  # what the first versions wrote
# An algorithm a file: these grow with what is known
TABLES = {f"ssl_core/{name}" for name in ("acquire", "backbones", "methods", "recipes")}
# Rooms of annotator in which every module has a test file at its own place...
MIRRORED = ("asking", "catalog", "export", "importing", "service", "simulating", "upkeep")
# ...but for these, which are tested together with what is made of them
ELSEWHERE = {
    "catalog/settings.py": "model/test_settings.py",
    "export/about.py": "export/test_write.py",
    "export/copying.py": "export/test_images_and_cells.py",
    "export/formats/csv.py": "export/test_write.py",
    "export/formats/format.py": "export/test_write.py",
    "export/formats/jsonl.py": "export/test_write.py",
    "export/formats/parquet.py": "export/test_write.py",
    "export/line.py": "export/test_write.py",
    "export/tally.py": "export/test_card.py",  # what was counted is read there
    "export/proof/onward.py": "auditing/test_extending.py",  # of two audits in a row
    "importing/check.py": "importing/test_scan.py",  # file by file
    "importing/containers/arrays/picture.py": "importing/containers/arrays/test_arrays.py",
    "importing/containers/arrays/stack.py": "importing/containers/arrays/test_arrays.py",
    "importing/containers/folder.py": "importing/test_scan.py",
    "importing/containers/huggingface/card.py": "importing/containers/huggingface/test_metadata.py",
    "importing/containers/huggingface/rows.py": "importing/containers/huggingface/test_metadata.py",
    "importing/containers/json/task.py": "importing/containers/json/test_label_studio.py",
    "importing/containers/named.py": "importing/containers/json/test_label_studio.py",
    "importing/containers/ours.py": "importing/containers/test_our_exports.py",
    "importing/embeddings/read.py": "importing/embeddings/test_take.py",
    "importing/source.py": "importing/test_scan.py",
    "importing/tables/table.py": "importing/tables/test_reading.py",
    "service/auditing/certifier.py": "service/auditing/test_certifying.py",
}
PRIVATE = re.compile(
    rb"(?<![\w.])/(?:work|root|home|Users)/\w"  # a path of one machine
    rb"|pypi[.]org|pythonhosted[.]org|registry[.]npmjs|(?:deb|security)[.]debian[.]org"
    rb"|download[.]pytorch[.]org"
)
# What a table may not be made of: it would be worked out, not read
WORKED_OUT = (ast.Lambda, ast.IfExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def inside(*packages: str) -> list[Path]:
    """Python files of the packages, from the root of the tree."""
    files = (path.relative_to(ROOT) for path in tracked() if path.suffix == ".py")
    return [path for path in files if path.parts[0] in packages]


def test_every_file_stays_small():
    """300 lines at most: beyond that it holds two ideas."""
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in tracked()
        if path.suffix in CODE
    }
    assert lines
    assert {name: n for name, n in lines.items() if n > MOST_LINES} == {}


def test_every_folder_stays_small():
    """14 Python files at most: beyond that it holds two subjects."""
    counts = Counter(path.parent.as_posix() for path in inside("annotator", "ssl_core"))
    assert set(counts) > TABLES
    crowded = {folder: n for folder, n in counts.items() if n > MOST_FILES}
    assert {folder: n for folder, n in crowded.items() if folder not in TABLES} == {}


def test_what_annotator_has_lies_in_its_rooms():
    """Two loose modules at most beside the package's own file."""
    loose = {p.stem for p in inside("annotator") if p.parent == Path("annotator")}
    assert len(loose - {"__init__"}) <= MOST_LOOSE, sorted(loose)


def test_every_room_is_a_package_with_something_in_it():
    """A folder without `__init__.py` is in no wheel, and one with nothing else is no room."""
    files = inside("annotator", "ssl_core")
    rooms = {path.parent for path in files}
    held = {room: {path.name for path in files if room in path.parents} for room in rooms}
    assert [room for room in rooms if room / "__init__.py" not in files] == []
    assert [room for room, names in held.items() if names == {"__init__.py"}] == []


def logic(path: Path) -> list[str]:
    """What a package file holds beyond docstring, imports, a table, and what builds from it."""
    body = list(_statements(ast.parse((ROOT / path).read_text()).body))
    found, known = [], set[str]()
    tables = {name for node in body for name in _table(node)}
    for number, node in enumerate(body):
        match node:
            case ast.Expr(value=ast.Constant(value=str())) if number == 0:
                continue
            case ast.Import() | ast.ImportFrom():
                continue
            case ast.Assign() | ast.AnnAssign() if not _has(node, WORKED_OUT):
                continue
            case ast.FunctionDef(name="__getattr__" | "__dir__") if path.parent.name == "ssl_core":
                continue
            case ast.FunctionDef() if _names(node) & (tables | known):
                known.add(node.name)  # reads the table, or asks one that does
            case ast.ClassDef() if tables and not _has(node, (ast.FunctionDef,)):
                continue  # what the entries of the table are: fields, nothing done
            case _:
                found.append(f"{path}: {ast.unparse(node).splitlines()[0]}")
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """One by one, also those that are for the type checker alone, or for all but it."""
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from node.body
        else:
            yield node


def _table(node: ast.stmt) -> set[str]:
    """The name of a literal dictionary, if this assigns one."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    is_table = isinstance(getattr(node, "value", None), ast.Dict)
    return {each.id for each in targets if isinstance(each, ast.Name)} if is_table else set()


def _has(node: ast.AST, kinds: tuple[type[ast.AST], ...]) -> bool:
    return any(isinstance(each, kinds) for each in ast.walk(node))


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def test_a_package_file_holds_a_table_and_its_builder_at_most():
    """Whoever imports a room runs nothing that its own files do not say."""
    packages = [p for p in inside("annotator", "ssl_core") if p.name == "__init__.py"]
    assert [line for path in packages for line in logic(path)] == []


def test_logic_in_a_package_file_is_found(tmp_path):
    """The rule bites: a function without a table, a table that is worked out, a class that acts."""
    table = "TABLE = {'a': 1}\n"
    for text, wrong in {
        f"{table}def build(name):\n    return TABLE[name]\n": 0,
        f"{table}def build(name):\n    return TABLE[name]\ndef more():\n    return build('a')\n": 0,
        f"{table}class Entry:\n    size: int\n": 0,
        "def work():\n    return 1\n": 1,
        f"{table}def work():\n    return 1\n": 1,
        "class Entry:\n    size: int\n": 1,
        f"{table}class Entry:\n    def work(self):\n        return 1\n": 1,
        "TABLE = {name: 1 for name in ('a', 'b')}\n": 1,
        "print('hello')\n": 1,
        "if True:\n    TABLE = {}\n": 1,
        "if TYPE_CHECKING:\n    from math import pi\n": 0,
        "if not TYPE_CHECKING:\n    work()\n": 1,
        "def __getattr__(name):\n    return 1\n": 1,
    }.items():
        (tmp_path / "__init__.py").write_text(f'"""A room."""\n\nimport math\n\n{text}')
        assert len(logic(tmp_path / "__init__.py")) == wrong, text


def test_every_module_of_a_mirrored_room_has_its_tests_at_the_mirrored_place():
    """Whoever changes a file knows where its tests are, and that there are some."""
    files = [path.relative_to("annotator") for path in inside("annotator")]
    modules = {p.as_posix() for p in files if p.parts[0] in MIRRORED and p.stem != "__init__"}
    tests = {path.relative_to("tests").as_posix() for path in inside("tests")}
    places = {
        name: ELSEWHERE.get(name) or str(Path(name).with_name(f"test_{Path(name).name}"))
        for name in modules
    }
    assert {name: at for name, at in places.items() if f"annotator/{at}" not in tests} == {}
    assert [name for name in ELSEWHERE if name not in modules] == []


def test_no_file_is_named_for_nothing():
    """A name says what is inside."""
    packages = [path for path in tracked() if path.suffix == ".py"]
    assert [path for path in packages if path.stem in VAGUE] == []


def test_every_package_file_says_its_idea_in_its_first_line():
    """A module begins with a one-line docstring."""
    files = inside("annotator", "ssl_core", "tests")
    assert [path for path in files if not (ROOT / path).read_text().startswith('"""')] == []


def test_spelling_is_american():
    """In code and text alike, in any case of letters."""
    british = re.compile("|".join(BRITISH), re.IGNORECASE)
    found = {
        str(path.relative_to(ROOT)): match[0]
        for path in tracked()
        if path.suffix in SPELLED
        and path != HISTORY
        and (match := british.search(path.read_text()))
    }
    assert found == {}


def test_no_file_names_a_machine_or_a_registry():
    """The tree works anywhere, from any mirror."""
    found = {
        str(path.relative_to(ROOT)): match[0]
        for path in tracked()
        if (match := PRIVATE.search(path.read_bytes()))
    }
    assert found == {}
