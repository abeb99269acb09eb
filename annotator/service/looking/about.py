"""What may be said beside an image: where it is from, its size, and facts that name nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from annotator.model import Image
from annotator.service.opened import Opened

# DICOM keywords that say how a picture was taken. All others may name a person, an hour or a place:
# of these the keyword alone is told
FREE = frozenset(
    {
        *("AcquisitionNumber", "BodyPartExamined", "BreastImplantPresent", "ContrastBolusAgent"),
        *("ConvolutionKernel", "DiffusionBValue", "EchoNumbers", "EchoTime", "Exposure"),
        *("ExposureTime", "FilterType", "FlipAngle", "ImageLaterality", "ImageType"),
        *("ImagerPixelSpacing", "ImagingFrequency", "InstanceNumber", "InversionTime", "KVP"),
        *("Laterality", "MRAcquisitionType", "MagneticFieldStrength", "Manufacturer", "Modality"),
        *("NumberOfFrames", "PatientOrientation", "PatientPosition", "PixelSpacing"),
        *("PhotometricInterpretation", "ReconstructionDiameter", "RepetitionTime"),
        *("ScanOptions", "ScanningSequence", "SequenceVariant", "SeriesNumber"),
        *("SliceLocation", "SliceThickness", "SpacingBetweenSlices", "ViewPosition"),
        *("XRayTubeCurrent",),
    }
)

NOT_SHOWN = "not shown"


class About(Opened):
    """What stands beside an image, where somebody opens it."""

    def about(self, images: Sequence[Image]) -> list[dict[str, str]]:
        """Of each image, words and what they say, in the order in which they are read.

        A folder may tell the class, so its path is for those alone who may look at any image.
        """
        facts = self.store.images.facts(each.id for each in images)
        whole = not self.refusal("image")
        return [_said(each, facts.get(each.id, {}), whole) for each in images]

    def about_people(self, images: Sequence[Image]) -> list[dict[str, str]]:
        """Of each image the tags that `about` holds back, as they may name a person."""
        facts = self.store.images.facts(each.id for each in images)
        return [
            {keyword: facts[each.id][keyword] for keyword in _hidden(facts[each.id])}
            for each in images
        ]


def _said(image: Image, facts: Mapping[str, str], whole: bool) -> dict[str, str]:
    name = PurePosixPath(image.name)
    hidden = _hidden(facts)
    said = {
        "path" if whole else "name": image.name if whole else name.name,
        "size": f"{image.width:,} × {image.height:,} pixels",
        "pages": f"{image.pages:,}; models see page {image.face:,}" if image.pages > 1 else "",
        "note": image.note,
        **{keyword: value for keyword, value in sorted(facts.items()) if keyword in FREE},
        NOT_SHOWN: f"{', '.join(hidden)}: may name a person" if hidden else "",
    }
    return {word: what for word, what in said.items() if what}


def _hidden(facts: Mapping[str, str]) -> list[str]:
    return sorted(set(facts) - FREE)
