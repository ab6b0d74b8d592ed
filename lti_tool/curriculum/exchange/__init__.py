"""Questions from and to question banks: Moodle XML and GIFT. What cannot be carried is named, never dropped."""
