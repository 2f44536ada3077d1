"""What keeps a catalogue from being reached is said as it is."""

import pytest
import requests

from backend.scenes.stac.transport import unreachable


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://catalogue.invalid/", "no computer of its name is found"),
        ("http://127.0.0.1:9/", "nobody answers there"),
    ],
)
def test_a_name_that_leads_nowhere_is_not_called_a_late_answer(address: str, reason: str) -> None:
    with pytest.raises(requests.ConnectionError) as raised:
        requests.get(address, timeout=20)
    message = unreachable("The catalogue here", raised.value).message
    assert message == f"The catalogue here cannot be reached ({reason})."
