from boards.attending.standing_in import urls as standing_in
from boards.attending.urls import urls as attending
from boards.challenges.urls import urls as challenges
from boards.groups.urls import urls as groups

app_name = "boards"
urlpatterns = [*groups, *challenges, *attending, *standing_in]
