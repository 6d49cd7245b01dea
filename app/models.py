"""Every table there is: importing this module makes `Base.metadata` complete, for migrations and tests."""

from app.secret import Secret
from channels.conversation import Conversation, Event, Message
from channels.customer import Address, Customer
from channels.outbox import Delivery
from knowledge.articles import Article, Embedding, IndexChange, IndexVersion, Passage, Revision, Translation

__all__ = [
    "Address",
    "Article",
    "Conversation",
    "Customer",
    "Delivery",
    "Embedding",
    "Event",
    "IndexChange",
    "IndexVersion",
    "Message",
    "Passage",
    "Revision",
    "Secret",
    "Translation",
]
