module.exports = { title: "Ovens" };
