"""Every table there is: importing this module makes `Base.metadata` complete, for migrations and tests."""

from app.secret import Secret
from channels.conversation import Conversation, Event, Message
from channels.customer import Address, Customer
from channels.outbox import Delivery
from knowledge.articles import Article, Embedding, IndexChange, IndexVersion, Passage, Revision, Translation
from knowledge.categories import CategoryRow
from knowledge.help.feedback import Feedback
from knowledge.help.reading import ArticleRead
from knowledge.help.searches import SearchRecord
from knowledge.pictures import Picture

__all__ = [
    "Address",
    "Article",
    "ArticleRead",
    "CategoryRow",
    "Conversation",
    "Customer",
    "Delivery",
    "Embedding",
    "Event",
    "Feedback",
    "IndexChange",
    "IndexVersion",
    "Message",
    "Passage",
    "Picture",
    "Revision",
    "SearchRecord",
    "Secret",
    "Translation",
]
