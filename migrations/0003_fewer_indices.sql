-- Records are looked for by the hash of an address among senders and recipients at once, which no index of senders can
-- answer; keeping one cost a tree for each record written.
DROP INDEX decision_sender;
