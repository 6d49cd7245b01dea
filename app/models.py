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
from handoff.canned import CannedReply
from handoff.desk_settings import DeskSetting
from handoff.drafts import Draft
from handoff.handoffs import Handoff
from handoff.notes import Mention, Note
from handoff.opening import Calendar
from handoff.presence import Presence
from handoff.tags import ConversationTag
from handoff.targets import SlaTarget
from handoff.topics import TopicRule
from insights.facts.fact import ConversationFact, FactState
from insights.follow_ups.follow_up import FollowUp
from insights.surveys.survey import Survey, SurveySetting
from knowledge.articles import Article, ArticleUse, Embedding, IndexChange, IndexVersion, Passage, Revision, Translation
from knowledge.categories import CategoryRow
from knowledge.checking.waiving import Waiver
from knowledge.drafts import ArticleDraft
from knowledge.editor.writing.visits import ArticleVisit
from knowledge.help.feedback import Feedback
from knowledge.help.reading import ArticleRead
from knowledge.help.searches import SearchRecord
from knowledge.imports.jobs import ImportItem, ImportJob
from knowledge.life.comments import ReviewComment
from knowledge.pictures import Picture
from knowledge.redirects import CategoryRedirect
from staff.attempts import FailedAttempts
from staff.audit import AuditEntry
from staff.links import OneTimeLink
from staff.people import User
from staff.recovery import RecoveryCode
from staff.sessions import StaffSession
from staff.teams import Team, TeamMember

__all__ = [
    "Address",
    "Article",
    "ArticleDraft",
    "ArticleRead",
    "ArticleUse",
    "ArticleVisit",
    "Attachment",
    "AuditEntry",
    "Calendar",
    "CannedReply",
    "CategoryRedirect",
    "CategoryRow",
    "Consent",
    "Conversation",
    "ConversationFact",
    "ConversationTag",
    "Customer",
    "Delivery",
    "DeskSetting",
    "Draft",
    "Embedding",
    "Event",
    "FactState",
    "FailedAttempts",
    "Feedback",
    "FollowUp",
    "Handoff",
    "ImportItem",
    "ImportJob",
    "IndexChange",
    "IndexVersion",
    "LinkCode",
    "Mention",
    "Merge",
    "Message",
    "Note",
    "OneTimeLink",
    "Pace",
    "Passage",
    "Picture",
    "Presence",
    "RecoveryCode",
    "ReviewComment",
    "Revision",
    "SearchRecord",
    "Secret",
    "ShortLink",
    "SlaTarget",
    "StaffSession",
    "Survey",
    "SurveySetting",
    "Team",
    "TeamMember",
    "TopicRule",
    "Translation",
    "User",
    "Waiver",
    "WhatsAppContent",
]
