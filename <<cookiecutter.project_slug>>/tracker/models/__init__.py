from tracker.models.comment import Comment
from tracker.models.invitation import Invitation
from tracker.models.project import Project
from tracker.models.report import Report
from tracker.models.task import Status, Task

__all__ = ["Comment", "Invitation", "Project", "Report", "Status", "Task"]
