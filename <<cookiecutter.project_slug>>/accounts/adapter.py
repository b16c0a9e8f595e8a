"""Customize django-allauth through its adapters."""

import base64
import time
from contextvars import copy_context
from functools import partial

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.forms import BaseForm
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.encoding import force_bytes

from accounts.mail import at_home, button, in_words, linked
from config import outbox
from themis.models import UserProfile
from themis.security import security_event


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def save_user(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        form: BaseForm,
        commit: bool = True,
    ) -> AbstractBaseUser:
        """Save the language in which the user signed up as their language."""
        user = super().save_user(request, user, form, commit)
        profiles = UserProfile.objects.filter(user_id=user.pk)
        profiles.update(language=translation.get_language())
        return user

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell people who sign up again that they already have an account.

        Hash a password, as for a new account, so that the response time doesn't reveal
        who has an account.
        """
        make_password(get_random_string(12))
        super().send_account_already_exists_mail(email)

    def validation_error(self, code: str, *args: object) -> ValidationError:
        if code == "too_many_login_attempts":
            user = getattr(self.request, "user", None)
            security_event("locked_out", user, is_refusal=True)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Return whether the password must be entered again.

        A recent login is enough, so that nobody enters it twice within minutes.
        allauth's default is to ask again after every login.
        """
        records = get_authentication_records(self.request, self.request.user)
        age = time.time() - records[-1]["at"] if records else float("inf")
        if age < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, object]
    ) -> None:
        """Render and send the email after the response, which never waits for it."""
        send = partial(super().send_mail, template_prefix, email, at_home(context))
        if outbox.is_sent_later():
            outbox.outbox.put(partial(copy_context().run, send))
        else:
            send()

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, object],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Return an email in plain text, with HTML generated from the text."""
        context = in_words(context)
        message = super().render_mail(template_prefix, email, context, headers)
        if isinstance(message, EmailMultiAlternatives) and not message.alternatives:
            url, label = button(context)
            html_context = {
                "subject": message.subject.removeprefix(
                    app_settings.EMAIL_SUBJECT_PREFIX or ""
                ),
                "url": url,
                "label": label,
                "html": linked(str(message.body), context),
                "project_name": settings.PROJECT_NAME,
            }
            html = render_to_string("account/email/message.html", html_context).strip()
            message.attach_alternative(html, "text/html")
        return message


class MFAAdapter(DefaultMFAAdapter):
    """Encrypt the secrets of authenticator apps with SECRET_KEY.

    A copy of the database without the key is not enough to generate codes. Secrets
    encrypted with one of SECRET_KEY_FALLBACKS can still be read.
    """

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
