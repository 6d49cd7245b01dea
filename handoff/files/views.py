"""Gives customers the files that agents sent them: to whoever has the signed address, and to nobody else."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from channels.attachments import STORED, Attachment
from channels.conversation import AGENT, Message
from db import Database
from handoff.files import FileAddresses

DAY = 24 * 3600


def make_blueprint(database: Database, addresses: FileAddresses) -> Blueprint:
    blueprint = Blueprint("files", __name__)

    @blueprint.get("/files/<token>")
    def file(token: str) -> ResponseReturnValue:
        file_id = addresses.read(token) if len(token) < 200 else None
        query = (
            select(Attachment, Message.extra)
            .join(Message, Message.id == Attachment.message_id)
            .where(Attachment.id == file_id, Attachment.state == STORED, Message.author.startswith(AGENT))
        )
        with database.reading() as session:
            found = session.execute(query).first() if file_id else None
        if found is None:
            abort(404)
        return _response(*found)

    return blueprint


def _response(attachment: Attachment, extra: dict[str, list[dict[str, str]]]) -> Response:
    name = extra["files"][attachment.position]["name"]
    response = Response(attachment.content, mimetype=attachment.content_type)
    is_picture = attachment.content_type.startswith("image/")
    response.headers.set("Content-Disposition", "inline" if is_picture else "attachment", filename=name)
    # Whatever a browser takes it for, nothing in it runs.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = f"private, max-age={DAY}"
    response.headers["Referrer-Policy"] = "no-referrer"
    # The chat shows it on any page that may have the chat.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
