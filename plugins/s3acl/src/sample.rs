//! Which things of a level are looked at.

use fastrand::Rng;

use crate::settings::{Settings, Visit};

/// Chooses at random, or takes everything.
pub(crate) struct Sample<'a> {
    settings: &'a Settings,
    random: Rng,
}

impl<'a> Sample<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self { settings, random: settings.seed.map_or_else(Rng::new, Rng::with_seed) }
    }

    /// Some of the things, in their order; `depth` levels down.
    pub(crate) fn of<T>(&mut self, things: Vec<T>, depth: usize) -> Vec<T> {
        let number = self.number(things.len(), depth);
        if number >= things.len() {
            return things;
        }
        let mut chosen = self.random.choose_multiple(0..things.len(), number);
        chosen.sort_unstable();
        let mut chosen = chosen.into_iter().peekable();
        things.into_iter().enumerate().filter(|(index, _)| chosen.next_if_eq(index).is_some()).map(|(_, thing)| thing).collect()
    }

    /// The share that is asked for, but at least one and not more than is left of the most.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "the share is not below 0, and a cast stops at the ends"
    )]
    fn number(&self, things: usize, depth: usize) -> usize {
        match self.settings.visit {
            Visit::All => things,
            Visit::Sample => {
                let most = (self.settings.visit_max as usize).saturating_sub(depth).max(1);
                let share = (things as f64 * self.settings.visit_probability) as usize;
                share.max(1).min(most)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(visit_probability: f64, visit_max: u32, visit: Visit) -> Settings {
        let mut settings = Settings::default();
        (settings.visit_probability, settings.visit_max, settings.visit, settings.seed) = (visit_probability, visit_max, visit, Some(7));
        settings
    }

    #[test]
    fn q26_the_number_is_that_of_the_original() {
        let number = |settings: &Settings, things, depth| Sample::new(settings).of((0..things).collect::<Vec<usize>>(), depth).len();
        let default = settings(0.1, 5, Visit::Sample);
        for (things, depth, expected) in [(0, 0, 0), (1, 0, 1), (19, 0, 1), (20, 0, 2), (1000, 0, 5), (1000, 3, 2), (1000, 9, 1)] {
            assert_eq!(number(&default, things, depth), expected, "{things} {depth}");
        }
        assert_eq!(number(&settings(1.0, 50, Visit::Sample), 7, 2), 7);
        assert_eq!(number(&settings(0.1, 5, Visit::All), 1000, 9), 1000);
    }

    #[test]
    fn q26_a_seed_makes_the_choice_the_same() {
        let things: Vec<u32> = (0..1000).collect();
        let chosen = |seed| {
            let mut settings = settings(0.1, 5, Visit::Sample);
            settings.seed = Some(seed);
            Sample::new(&settings).of(things.clone(), 0)
        };
        assert_eq!(chosen(1), chosen(1));
        assert_ne!(chosen(1), chosen(2));
        assert!(chosen(1).is_sorted());
    }
}
