import pytest

from tests.browser.site import PASSWORD, Site


@pytest.fixture(scope="package", autouse=True)
def sample_data(site: Site) -> None:
    """Load the team of `make demo`, with the password of these tests."""
    site.manage("load_sample_data", DEBUG="True")  # it refuses in production
    site.run(
        "from django.contrib.auth.hashers import make_password\n"
        "from accounts.models import User\n"
        f"User.objects.update(password=make_password({PASSWORD!r}))"
    )
