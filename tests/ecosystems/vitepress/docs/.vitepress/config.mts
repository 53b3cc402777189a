export default { title: 'Clouds', lang: 'en-GB' }
