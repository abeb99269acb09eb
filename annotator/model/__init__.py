"""The nouns of the product: frozen rows that travel between store, service, worker and pages."""

from annotator.model.access import (
    NAMES,
    Access,
    ip,
    is_loopback,
)
from annotator.model.exports import (
    ExportReport,
    ExportRow,
)
from annotator.model.images import (
    Image,
    ImageKind,
    ImportReport,
    MapPoint,
    NearDuplicates,
    NewImage,
    Refused,
    Split,
)
from annotator.model.index import RowIndex
from annotator.model.jobs import (
    Job,
    JobKind,
    JobState,
    WorkerSeen,
)
from annotator.model.keeping import (
    BackedUp,
    Finding,
    Health,
    Restored,
)
from annotator.model.labels import (
    Acknowledged,
    ClassName,
    EventKind,
    Label,
    LabelEvent,
    Progress,
    Question,
)
from annotator.model.people import (
    LOCAL,
    ROLES,
    Person,
    Role,
)
from annotator.model.regimes import (
    REGIMES,
    Regime,
    Trained,
    Trial,
)
from annotator.model.rounds import (
    Advice,
    ClassRatio,
    Confusion,
    CurvePoint,
    EpochPoint,
    Judged,
    MethodInfo,
    Model,
    Parameter,
    Prediction,
    PseudoOrder,
    Round,
    RoundDetails,
    RoundRequest,
)
from annotator.model.settings import (
    SETTINGS,
    Setting,
    Settings,
)
from annotator.model.step import (
    Step,
    Steps,
)

__all__ = [
    "LOCAL",
    "NAMES",
    "REGIMES",
    "ROLES",
    "SETTINGS",
    "Access",
    "Acknowledged",
    "Advice",
    "BackedUp",
    "ClassName",
    "ClassRatio",
    "Confusion",
    "CurvePoint",
    "EpochPoint",
    "EventKind",
    "ExportReport",
    "ExportRow",
    "Finding",
    "Health",
    "Image",
    "ImageKind",
    "ImportReport",
    "Job",
    "JobKind",
    "JobState",
    "Judged",
    "Label",
    "LabelEvent",
    "MapPoint",
    "MethodInfo",
    "Model",
    "NearDuplicates",
    "NewImage",
    "Parameter",
    "Person",
    "Prediction",
    "Progress",
    "PseudoOrder",
    "Question",
    "Refused",
    "Regime",
    "Restored",
    "Role",
    "Round",
    "RoundDetails",
    "RoundRequest",
    "RowIndex",
    "Setting",
    "Settings",
    "Split",
    "Step",
    "Steps",
    "Trained",
    "Trial",
    "WorkerSeen",
    "ip",
    "is_loopback",
]
