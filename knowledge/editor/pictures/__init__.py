"""Pictures in the editor: taken as they are pasted, dropped or chosen, and shown to staff before customers see them."""
