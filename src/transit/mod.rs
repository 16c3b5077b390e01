//! One message from MAIL to verdict. Pure; the home of the invariants and the only place that can say 250.
