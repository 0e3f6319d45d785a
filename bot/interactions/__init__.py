"""What every command, button, menu and modal shares: context, responses, components, autocomplete."""
