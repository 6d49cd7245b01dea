"""Every table there is: importing this module makes `Base.metadata` complete, for migrations and tests."""

from app.secret import Secret
from channels.attachments import Attachment
from channels.consent import Consent
from channels.conversation import Conversation, Event, Message
from channels.customer import Address, Customer
from channels.linking.codes import LinkCode
from channels.linking.merging import Merge
from channels.outbox import Delivery
from channels.pacing import Pace
from channels.short_links import ShortLink
from channels.whatsapp.contents import WhatsAppContent
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
    "Attachment",
    "CategoryRow",
    "Consent",
    "Conversation",
    "Customer",
    "Delivery",
    "Embedding",
    "Event",
    "Feedback",
    "IndexChange",
    "IndexVersion",
    "LinkCode",
    "Merge",
    "Message",
    "Pace",
    "Passage",
    "Picture",
    "Revision",
    "SearchRecord",
    "Secret",
    "ShortLink",
    "Translation",
    "WhatsAppContent",
]
