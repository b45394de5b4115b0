//! Who watches what, on which device, over which network. Everything follows from the seed.

pub(crate) mod device;
pub(crate) mod dice;
pub(crate) mod network;
pub(crate) mod title;
pub(crate) mod viewer;

pub(crate) use dice::Dice;
pub(crate) use viewer::Viewer;
