"""The certificate: of these pseudo-labels so many are right, and the chance that this is false."""

from ssl_core.measure.certificate.chain import allowed as allowed
from ssl_core.measure.certificate.chain import chain as chain
from ssl_core.measure.certificate.chain import gates as gates
from ssl_core.measure.certificate.chain import hopeless as hopeless
from ssl_core.measure.certificate.claims import average as average
from ssl_core.measure.certificate.claims import claims as claims
from ssl_core.measure.certificate.claims import sentences as sentences
from ssl_core.measure.certificate.draw import drawn as drawn
from ssl_core.measure.certificate.draw import drawn_of_each as drawn_of_each
from ssl_core.measure.certificate.draw import drawn_of_groups as drawn_of_groups
from ssl_core.measure.certificate.draw import frozen as frozen
