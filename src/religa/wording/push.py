"""What a push message says where the words of another channel would say too much on a locked telephone."""

from religa.wording.language import Words

SOMETHING_NEW = Words(
    "Há um aviso novo para você na Central do Assinante.",
    "There is a new message for you in your subscriber area.",
    "Hay un aviso nuevo para usted en su área de abonado.",
)
