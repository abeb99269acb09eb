"""What stands around a question: no name of a patient but for those who ask and may."""

import pytest

from annotator.model import Person
from annotator.service import Service
from annotator.ui.labeler.around import about_of
from annotator.ui.labeler.message import read
from tests.annotator.documents import dicom
from tests.annotator.pictures import noise


@pytest.mark.parametrize(
    ("role", "asks", "sees"),
    [
        ("annotator", True, False),
        ("reviewer", True, True),
        ("reviewer", False, False),
        ("reviewer", "yes", False),
    ],
)
def test_a_name_is_told_to_those_who_ask_for_it_and_may(tmp_path, role, asks, sees):
    """To everybody else, that there is one."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.dcm").write_bytes(
        dicom(noise(2, channels=1), PatientName="Roe^Jane", Modality="CT")
    )
    service = Service.create(tmp_path / "ws", ["glioma", "none"])
    service.import_source(tmp_path / "source", tags=("PatientName", "Modality"))
    message = read({"client": "tab", "beat": 1, "reveal": asks})
    person = service.acting(Person("somebody", role))
    (told,) = about_of(person, service.images(), message)
    assert told["Modality"] == "CT"
    assert ("Roe" in " ".join(told.values())) == sees
    assert ("not shown" in told) != sees
    service.close()
