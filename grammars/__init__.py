"""The languages as Lark text: one ``.lark`` file each, read by `cfglint.syntax`."""
