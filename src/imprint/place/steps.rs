//! Counts the work of a search in tests, so that they can compare two sizes without a clock. In the product it is
//! nothing and costs nothing.

/// So much was looked at.
#[inline]
pub(super) fn add(_count: usize) {
    #[cfg(test)]
    COUNT.with(|count| count.set(count.get() + _count));
}

/// The steps that `work` takes on this thread.
#[cfg(test)]
pub(super) fn of(work: impl FnOnce()) -> usize {
    COUNT.with(|count| count.set(0));
    work();
    COUNT.with(std::cell::Cell::get)
}

#[cfg(test)]
thread_local! {
    static COUNT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}
