//! The order of rooms that the days of a schedule agree upon: each day lists only the rooms that it uses.

use std::collections::BTreeSet;

use super::Programme;

impl Programme {
    /// Puts the rooms into an order in which every one of these lists stands, where there is one; what the lists leave open
    /// stays in the order in which the rooms came up.
    pub(crate) fn order_rooms(&mut self, lists: &[Vec<usize>]) {
        let count = self.rooms.len();
        let mut after: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
        for pair in lists.iter().flat_map(|list| list.windows(2)) {
            if pair[0] != pair[1] {
                after[pair[0]].insert(pair[1]);
            }
        }
        let mut waiting = vec![0_usize; count];
        after.iter().flatten().for_each(|room| waiting[*room] += 1);
        let mut free: BTreeSet<usize> = (0..count).filter(|room| waiting[*room] == 0).collect();
        let mut order = Vec::with_capacity(count);
        while let Some(room) = free.pop_first() {
            order.push(room);
            for next in &after[room] {
                waiting[*next] -= 1;
                if waiting[*next] == 0 {
                    free.insert(*next);
                }
            }
        }
        if order.len() < count {
            // The days do not agree.
            return;
        }
        let mut places = vec![0; count];
        for (place, room) in order.iter().enumerate() {
            places[*room] = place;
        }
        self.rooms = order.into_iter().map(|room| self.rooms[room].clone()).collect();
        for room in self.talks.iter_mut().filter_map(|talk| talk.room.as_mut()) {
            *room = places[*room];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::programme::Talk;

    #[test]
    fn rooms_stand_as_all_days_list_them() {
        let mut programme = Programme::default();
        let days = [["A", "C"].as_slice(), &["A", "B", "C"], &["B", "D"], &["C", "D"]];
        let lists: Vec<Vec<usize>> =
            days.iter().map(|day| day.iter().map(|name| programme.room(name)).collect()).collect();
        programme.talks.push(Talk { room: Some(1), ..Talk::default() });
        programme.order_rooms(&lists);
        let names: String = programme.rooms.iter().map(|room| room.name.as_str()).collect();
        assert_eq!(names, "ABCD");
        assert_eq!(programme.talks[0].room, Some(2), "the talk is in C still");
        programme.order_rooms(&[vec![0, 1], vec![1, 0]]);
        assert_eq!(programme.rooms[0].name, "A", "where days do not agree nothing moves");
    }
}
