"""The paperless meeting room: signed invitations, a live agenda, minutes signed on screen."""
