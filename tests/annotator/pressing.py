"""People before open pages: each answers what it is asked, and says what its question was."""

from dataclasses import replace

from tests.annotator.small import event, truth

OTHER = {"dark": "light", "light": "dark"}


class Page:
    """An open page: it answers what it is asked, and says of each answer what its question was."""

    def __init__(self, service, who, client=""):
        self.service, self.who, self.client = service, who, client or f"tab of {who}"

    def asked(self, n=12):
        return self.service.lease(self.client, self.who, n)

    def press(self, question, kind="label", name=None):
        seq = self.service.store.labels.acknowledged(self.client) + 1
        sent = event(self.service, question.image, kind, seq=seq, client=self.client, name=name)
        return self.service.record([replace(sent, again=question.again)], self.who)

    def answer(self, n, name=truth):
        """Answer n questions, one after the other; return them."""
        done = []
        for _ in range(n):
            questions = self.asked()
            if not questions:
                break
            done.append(questions[0])
            self.press(questions[0], name=name(questions[0].image.name))
        return done


def wrongly(name):
    return OTHER[truth(name)]


def current(service):
    return {each.image_id: each for each in service.store.labels.current()}


def again(questions):
    return [each for each in questions if each.again]


def drawn(service, share, digits):
    """The images that a share draws, by the digits of their hashes alone."""
    first, last = digits
    return {
        each.id
        for each in service.images(limit=1000)
        if int(each.sha256[first:last], 16) < share * 16 ** (last - first)
    }
