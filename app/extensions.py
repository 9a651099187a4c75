"""The Flask extensions, made here and bound in create_app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.core.languages import pick

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every model; names every constraint, so that migrations can."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()

if TYPE_CHECKING:

    class Model(Base):
        """What a type checker sees of db.Model."""

        __abstract__ = True

        def __init__(self, **columns: object) -> None: ...

else:
    Model = db.Model


class Named:
    """A row with a name in each language."""

    name_en: Mapped[str] = mapped_column(default="")
    name_nb: Mapped[str] = mapped_column(default="")
    name_nn: Mapped[str] = mapped_column(default="")

    def name_in(self, language: str) -> str:
        """The name in that language, or in the nearest one that has it."""
        return pick({"en": self.name_en, "nb": self.name_nb, "nn": self.name_nn}, language)
