"""What Twilio answers when it refuses something (https://www.twilio.com/docs/api/errors)."""

from __future__ import annotations

from typing import Any

REFUSALS = {
    20001: (400, "Invalid parameter: {}"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource {} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    21211: (400, "Invalid 'To' Phone Number: {}"),
    21212: (400, "Invalid From Number (caller ID): {}"),
    21266: (400, "'To' and 'From' number cannot be the same: {}"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' or 'MessagingServiceSid' parameter is required"),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number provided ({}) is not a valid message-capable Twilio phone number"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    21655: (400, "The ContentSid parameter is invalid: {}"),
    21656: (400, "The ContentVariables parameter is invalid: {}"),
    21659: (400, "'From' {} is not a Twilio phone number or Short Code country mismatch"),
    21701: (404, "The Messaging Service {} does not exist"),
    21704: (400, "The Messaging Service {} contains no phone numbers for this channel"),
    21910: (400, "Invalid From and To pair. From and To should be of the same channel"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
}
FAILURES = {
    14107: "Message rate limit exceeded",
    30007: "Message filtered",
    63005: "Channel did not accept given content. Please check the content",
    63016: "Failed to send freeform message because you are outside the allowed window.",
    63021: "Channel invalid content error",
}
"""Why an accepted message did not arrive."""


class TwilioError(Exception):
    """A request that Twilio refuses; nothing was accepted."""

    def __init__(self, code: int, about: object = "", headers: dict[str, str] | None = None) -> None:
        self.status, sentence = REFUSALS[code]
        super().__init__(sentence.format(about))
        self.code = code
        self.headers = headers or {}

    @property
    def body(self) -> dict[str, Any]:
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": str(self), "more_info": more, "status": self.status}
