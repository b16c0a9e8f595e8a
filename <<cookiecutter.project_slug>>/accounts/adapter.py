"""What django-allauth does differently here: it asks these classes."""

import base64
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.encoding import force_bytes

from themis.models import UserProfile


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def save_user(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Who signs up reads on in the language of the form."""
        user = super().save_user(request, *args, **kwargs)
        profiles = UserProfile.objects.filter(user_id=user.pk)
        profiles.update(language=translation.get_language())
        return user

    def is_reauthentication_required(self, **kwargs: Any) -> bool:
        """To allauth, only a password that is given again is recent. Here, so is the
        log-in: nobody is asked twice within minutes."""
        records = get_authentication_records(self.request, self.request.user)
        age = time.time() - records[-1]["at"] if records else float("inf")
        is_recent = age < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_recent and bool(super().is_reauthentication_required(**kwargs))

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        """Every e-mail is text; its HTML is made from that text."""
        message: EmailMessage = super().render_mail(*args, **kwargs)
        if isinstance(message, EmailMultiAlternatives) and not message.alternatives:
            context = {
                "subject": message.subject,
                "text": message.body,
                "project_name": settings.PROJECT_NAME,
            }
            html = render_to_string("account/email/message.html", context).strip()
            message.attach_alternative(html, "text/html")
        return message


class MFAAdapter(DefaultMFAAdapter):
    """Encrypts the secrets of authenticator apps: who reads the database alone cannot
    make codes. The keys come from SECRET_KEY and SECRET_KEY_FALLBACKS."""

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._fernet.decrypt(encrypted_text.encode()).decode()

    @property
    def _fernet(self) -> MultiFernet:
        return MultiFernet(
            _fernet(secret)
            for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        )


def _fernet(secret: str | bytes) -> Fernet:
    derivation = HKDF(SHA256(), length=32, salt=None, info=b"accounts.adapter")
    return Fernet(base64.urlsafe_b64encode(derivation.derive(force_bytes(secret))))
