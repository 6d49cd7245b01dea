"""The parameters of Twilio's webhooks (https://www.twilio.com/docs/messaging/guides/webhook-request)."""

from __future__ import annotations

from channels.phone.addresses import bare, country_of, is_number
from channels.phone.messages import FAILED, Message

API_VERSION = "2010-04-01"


def ids(message: Message, account_sid: str) -> dict[str, str]:
    given = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "AccountSid": account_sid,
        "From": message.from_,
        "To": message.to,
        "ApiVersion": API_VERSION,
    }
    return given | ({"MessagingServiceSid": message.service_sid} if message.service_sid else {})


def inbound_params(
    message: Message, account_sid: str, media_url: str, name: str, original: Message | None
) -> dict[str, str]:
    """`media_url` is the address below which the message's media lie; `original` is the message that was answered."""
    params = ids(message, account_sid) | {
        "SmsMessageSid": message.sid,
        "SmsStatus": "received",
        "Body": message.body,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.segments),
    }
    for number, medium in enumerate(message.media):
        params |= {f"MediaUrl{number}": f"{media_url}/{medium.sid}", f"MediaContentType{number}": medium.content_type}
    if message.channel == "sms":
        return params | _places("From", message.from_) | _places("To", message.to)
    return params | _whatsapp(message, name) | _location(message) | _choice(message, original)


def _places(end: str, number: str) -> dict[str, str]:
    return {f"{end}Country": country_of(number), f"{end}State": "", f"{end}City": "", f"{end}Zip": ""}


def _whatsapp(message: Message, name: str) -> dict[str, str]:
    who = {"ProfileName": name, "MessageType": _type(message)}
    number = bare(message.from_)
    return who | ({"WaId": number.removeprefix("+")} if is_number(number) else {})


def _type(message: Message) -> str:
    if message.reply_to:
        return "interactive"
    if message.location:
        return "location"
    if not message.media:
        return "text"
    kind = message.media[0].content_type.partition("/")[0]
    return kind if kind in {"image", "audio", "video"} else "document"


def _location(message: Message) -> dict[str, str]:
    place = message.location
    if place is None:
        return {}
    given = {"Latitude": str(place.latitude), "Longitude": str(place.longitude)}
    named = {"Address": place.address, "Label": place.label}
    return given | {name: value for name, value in named.items() if value}


def _choice(message: Message, original: Message | None) -> dict[str, str]:
    if original is None:
        return {}
    replied = {"OriginalRepliedMessageSender": original.from_, "OriginalRepliedMessageSid": original.sid}
    if message.pressed is None:
        return replied
    if original.items:
        chosen = original.items[message.pressed]
        return replied | {"ListId": chosen.id, "ListTitle": chosen.item}
    pressed = original.buttons[message.pressed]
    return replied | {"ButtonPayload": pressed.id, "ButtonText": pressed.title}


def status_params(message: Message, status: str, account_sid: str) -> dict[str, str]:
    params = ids(message, account_sid) | {"MessageStatus": status, "SmsStatus": status}
    if message.channel == "whatsapp":
        params |= {"ChannelPrefix": "whatsapp"}
    if message.error_code and status in FAILED:
        params |= {"ErrorCode": str(message.error_code), "ErrorMessage": message.error or ""}
    return params
