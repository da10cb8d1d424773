"""How to test what is sent: into a list, or to a gate."""

from django.test import TestCase, override_settings

from rtm_sdk.django import outbox
from rtm_sdk.django.local_gate import local_gate


@override_settings(RTM_SDK={"default": {"client": "rtm", "backend": "locmem"}})
class WhatIsSent(TestCase):
    """With the back end `locmem`."""

    def setUp(self):
        outbox.clear()

    def order(self, quantity):
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post("/buyers/2001/", {"item": "tea", "quantity": quantity})

    def test_buyer_is_told(self):
        self.assertRedirects(self.order(2), "/buyers/2001/", fetch_redirect_response=False)
        (sent,) = outbox
        self.assertEqual(sent.method, "send_chat")
        self.assertIn("2 x tea", sent.arguments["message"])

    def test_nobody_is_told_of_an_order_that_is_taken_back(self):
        self.assertEqual(self.order(11).status_code, 409)
        self.assertEqual(outbox, [])

    def test_an_order_that_cannot_be_understood(self):
        for quantity in ("many", -1, 0, ""):
            self.assertContains(self.order(quantity), "Say what you want", status_code=400)
        self.assertEqual(outbox, [])

    def test_a_buyer_that_cannot_be(self):
        self.assertEqual(self.client.get(f"/buyers/{10**19}/").status_code, 404)


@override_settings(RTM_SDK={"default": {"client": "rtm", "backend": "gate"}})
class WhatIsShown(TestCase):
    """With the back end `gate`, which answers as well."""

    def setUp(self):
        local_gate().reset()

    def test_history(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post("/buyers/2001/", {"item": "tea", "quantity": 3})
        self.assertContains(self.client.get("/buyers/2001/"), "3 x tea. Thank you!")

    def test_no_answer(self):
        local_gate().faults.add("getp2pmsg", code=200999)
        self.assertContains(self.client.get("/buyers/2001/"), "The chat does not answer", status_code=502)
