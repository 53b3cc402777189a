// The words of the page, in English and Chinese.

const EN = {
  about: 'About the chosen node', and: 'and', or: 'or', not: 'not', set: 'Set of posts', setAll: 'and', setAny: 'or', setNone: 'not', setRemove: 'remove', setEmpty: 'No post fits.', allDates: 'All dates', anotherWay: 'Another way', answered: ['{n} row in {ms} ms', '{n} rows in {ms} ms'],
  anyHub: 'any number of links', appearsWith: 'Appears with', atLeast: 'at least', atMost: 'at most', avoidHubs: 'Avoid hubs that everything links to',
  back: 'Back', bothIn: 'both in', chosen: ['{name}, {kind}, {n} link', '{name}, {kind}, {n} links'], chosenRegion: ['Region {name}, {n} node', 'Region {name}, {n} nodes'], centralPosts: 'Most central posts', clear: 'Clear', clearAll: 'Clear all', close: 'Close',
  column_date: 'Date', column_degree: 'Links', column_kind: 'Type', column_name: 'Name', copied: 'Copied', copyIri: 'Copy IRI',
  copyLink: 'Copy link to this view', copySparql: 'Copy SPARQL query', dates: 'Dates', details: 'Details', dimmed: 'dimmed', done: 'Done',
  exampleMost: 'What posts mention most', examples: 'Examples', filteredOut: 'What is filtered out is', filters: 'Filters', find: 'Find', findIn: 'Find among {n}',
  firstPost: 'First post', lastPost: 'Last post', unfinished: 'not over yet',
  flat: 'No WebGL2 here: only the {n} best-connected nodes are drawn. Search and lists hold everything.',
  found: '{n} found', from: 'From', goThere: 'Show on the map', help: 'Help',
  help1: 'Search for anything by any of its names. Small typing errors do no harm.',
  help2: 'Choose a thing to read what it is, which posts mention it and what appears with it. “A and B”, “A or B” and “A not C” find posts; so does a click with Shift on a second thing.',
  help3: '“Path from here” shows how two things are connected, and the posts that prove it.',
  help4: 'Shapes and colours are types; tints are regions of things that belong together.',
  inTexts: 'In summaries and definitions', largestRegions: 'Largest regions', lately: '{way}: {is} of all posts from {from} to {to}, {was} in the three months before', rising: 'Rising', falling: 'Falling', steady: 'No clear change', rose: 'Rose from {from} to {to}', roseBy: ['{was} of all posts before, {now} then ({n} post)', '{was} of all posts before, {now} then ({n} posts)'],
  bridging: 'Between two regions', bestKnown: 'Best known', wholePage: 'Open the whole page', fromAfar: 'From afar the map shows {n} things, the most important of each part; nearer, all.', capped: 'The {n} concepts named in the most posts are here, and no more (max_concepts).', textsCut: 'Long summaries end after {n} characters here.',
  atLine: '{field}, line {n}', groups: 'Posts on the map', groupsHint: 'They are too many to be told apart: choose a group, here or on the map, to see its posts one by one.',
  asTable: 'As a table', barOf: '{n} of {all} posts, {share}', compareWith: 'Compare with…', farDate: 'far from all other dates', farDates: ['{n} date is far from all others:', '{n} dates are far from all others:'], measure: 'What is measured', scopeAllPosts: 'All posts', shareOfAll: 'Share of all posts',
  area: 'Area of the map', holdsBoth: '{posts} and {things}', keyArea: 'choose what is in sight', outline: 'Draw around what to choose (or hold Shift)', saveTurtle: 'Save selection as Turtle',
  hidden: 'hidden', holds: '{posts} and {things} that they name', histogram: 'Posts over time; drag to choose a span', inferred: 'inferred, {n} % sure', keyWalk: 'walk to a neighbour (Shift: move the map)', keySearch: 'search', keyEscape: 'back out', keyZoom: 'zoom', keyFit: 'whole map',
  keyFilters: 'filters', keyTable: 'table', keyPath: 'path', keyEnter: 'read about the chosen node', keyNext: 'next or previous name on the map', legend: 'Types of nodes', links: 'Number of links',
  map: 'Map of the graph', mapHelp: 'Arrow keys walk between neighbours or move the map, plus and minus zoom, full stop and comma go through the names on the map, Enter reads, slash searches, T opens a table of what is shown.',
  more: '{n} more', morePosts: ['{n} more post', '{n} more posts'], nPosts: ['{n} post', '{n} posts'], nThings: ['{n} thing', '{n} things'], nSteps: ['{n} step', '{n} steps'],
  most: 'Most', mostHint: 'What is in the same posts most often', nLinks: ['{n} link', '{n} links'], neighbourRegions: 'Neighbouring regions', newestPosts: 'Newest posts', ofPosts: ['{count} of {n} post', '{count} of {n} posts'],
  onlyThis: 'Show only this', order: 'Order', region: 'Region', renameRegion: 'kg.toml can give this region another name:', typical: 'Typical', typicalHint: 'What is in the same posts more often than by chance, and how many of its own posts those are',
  neighbourhood: 'Neighbourhood', next: 'Next', noAnswer: 'The server does not answer.', noNeighbour: 'No neighbour that way', noOtherWay: 'There is no other way', nothing: 'Nothing is called “{query}”',
  oldBrowser: 'This browser is too old to open the map: it lacks DecompressionStream.', onlyWay: 'The only way', otherNames: 'Other spellings', overLinks: ['{n} link', '{n} links'], page: 'Page {n} of {all}',
  path: 'Path between two things', pathFound: ['Path of {n} step: {way}', 'Path of {n} steps: {way}'], pathFrom: 'From…', pathFromHere: 'Path from here', pathHint: 'Choose two things to see how they are connected.',
  pathNone: 'Nothing connects these two.', pathNoneFiltered: 'Nothing connects these two under the present filters.', pathSame: 'These are the same thing.', pathTo: 'To…',
  pause: 'Pause', play: 'Play through time', pngScale: 'Times the size of the screen', posts: 'Posts', previous: 'Previous', query: 'Query', regions: 'Regions', relations: 'Relations',
  results: 'Results', run: 'Run', running: 'Running…', saveCsv: 'Save selection as CSV', saveJson: 'Save selection as JSON', savePng: 'Save view as PNG', saveSvg: 'Save view as SVG',
  scope: 'What to list', scopeAll: 'Everything shown', scopeHighlighted: 'What is highlighted', scopeSight: 'What is in sight', searchHint: ['Search {n} name', 'Search {n} names'], share: 'Share', showing: '{n} of {all} shown',
  similar: 'Similar posts', skip: 'Skip to search', skipHubs: 'Pass through things with at most', source: 'Source', steps: 'Steps', swap: 'Swap ends',
  taller: 'Larger or smaller', table: 'Table', tableCaption: ['{n} node', '{n} nodes'], terms: 'Terms', theme: 'Theme', themeContrast: 'High contrast', themeDark: 'Dark', themeLight: 'Light', themeSystem: 'As the system',
  timeline: ['{n} post from {from} to {to}', '{n} posts from {from} to {to}'], to: 'To', toggleKind: 'Show or hide', tools: 'Tools', try: 'Try', types: 'Types', wayOf: 'Way {n} of {all}', welcome: 'Search for a name, or choose anything on the map.', wholeText: 'Whole text', whyLinked: 'Why are these two linked?',
  zoom: 'Zoom', zoomFit: 'Show the whole map', zoomIn: 'Zoom in', zoomOut: 'Zoom out',
};

/** @typedef {keyof typeof EN} Word the name of a text */

/** @type {Record<Word, string | string[]>} */
const ZH = {
  about: '所选节点', and: '和', or: '或', not: '不含', set: '文章集合', setAll: '和', setAny: '或', setNone: '不含', setRemove: '移除', setEmpty: '没有符合的文章。', allDates: '全部日期', anotherWay: '换一条路径', answered: '{n} 行，{ms} 毫秒',
  anyHub: '任意多链接', appearsWith: '共同出现', atLeast: '至少', atMost: '至多', avoidHubs: '避开什么都连的枢纽',
  back: '返回', bothIn: '同见于', chosen: '{name}，{kind}，{n} 个链接', chosenRegion: '区域 {name}，{n} 个节点', centralPosts: '最核心的文章', clear: '清空', clearAll: '全部清除', close: '关闭',
  column_date: '日期', column_degree: '链接数', column_kind: '类型', column_name: '名称', copied: '已复制', copyIri: '复制 IRI',
  copyLink: '复制此视图的链接', copySparql: '复制 SPARQL 查询', dates: '日期', details: '详情', dimmed: '淡化', done: '完成',
  exampleMost: '文章最常提到什么', examples: '示例', filteredOut: '被筛除的内容', filters: '筛选', find: '查找', findIn: '在 {n} 个中查找',
  firstPost: '最早的文章', lastPost: '最新的文章', unfinished: '尚未结束',
  flat: '此浏览器没有 WebGL2：只画出链接最多的 {n} 个节点，搜索和列表仍包含全部。',
  found: '找到 {n} 个', from: '从', goThere: '在图上显示', help: '帮助',
  help1: '用任何一种名称搜索任何事物，打错一两个字也没关系。',
  help2: '选中一个事物，可读到它是什么、哪些文章提到它、什么与它共同出现。“甲和乙”“甲或乙”“甲不含丙”可找到文章；按住 Shift 点选第二个事物也可以。',
  help3: '“从这里出发的路径”显示两个事物如何相连，以及证明这一点的文章。',
  help4: '形状和颜色表示类型；底色表示关系密切的区域。',
  inTexts: '见于摘要和定义', largestRegions: '最大的区域', lately: '{way}：{from} 至 {to} 占全部文章的 {is}，此前三个月 {was}', rising: '上升', falling: '下降', steady: '没有明显变化', rose: '{from} 至 {to} 上升', roseBy: '此前占全部文章的 {was}，此时 {now}（{n} 篇）',
  bridging: '连接两个区域', bestKnown: '最常提到', wholePage: '打开完整页面', fromAfar: '远看只显示各处最重要的 {n} 个，放大后显示全部。', capped: '只收录文章最多的 {n} 个概念（max_concepts）。', textsCut: '较长的摘要在此只显示 {n} 个字符。',
  atLine: '{field}，第 {n} 行', groups: '地图上的文章', groupsHint: '文章太多，难以分辨：在这里或地图上选一组，即可逐篇显示。',
  asTable: '以表格显示', barOf: '{all} 篇中的 {n} 篇，{share}', compareWith: '与…比较', farDate: '远离其他日期', farDates: '{n} 个日期远离其他日期：', measure: '度量', scopeAllPosts: '全部文章', shareOfAll: '占全部文章的比例',
  area: '地图区域', holdsBoth: '{posts}文章和 {things}', keyArea: '选择视野内的内容', outline: '圈选（或按住 Shift 拖动）', saveTurtle: '所选内容存为 Turtle',
  hidden: '隐藏', holds: '{posts}文章及其提到的 {things}', histogram: '文章的时间分布；拖动可选择时段', inferred: '推断，{n}% 把握', keyWalk: '走到相邻节点（按住 Shift 移动地图）', keySearch: '搜索', keyEscape: '逐步退出', keyZoom: '缩放', keyFit: '整张地图',
  keyFilters: '筛选', keyTable: '表格', keyPath: '路径', keyEnter: '阅读所选节点', keyNext: '地图上的下一个或上一个名称', legend: '节点类型', links: '链接数',
  map: '知识图谱地图', mapHelp: '方向键在相邻节点间移动或移动地图，加减号缩放，句号和逗号逐个走过地图上的名称，回车阅读，斜杠搜索，T 打开所示内容的表格。',
  more: '还有 {n} 个', morePosts: '另有 {n} 篇文章', nPosts: ['{n} 篇', '{n} 篇'], nThings: ['{n} 个事物', '{n} 个事物'], nSteps: ['{n} 步', '{n} 步'],
  most: '最多', mostHint: '最常出现在相同文章中的', nLinks: '{n} 个链接', neighbourRegions: '相邻区域', newestPosts: '最新文章', ofPosts: '{n} 篇中的 {count} 篇',
  onlyThis: '只显示此区域', order: '排序', region: '区域', renameRegion: '可在 kg.toml 中为此区域另取名称：', typical: '典型', typicalHint: '同文出现得比偶然更多的，以及占其自身文章的多少',
  neighbourhood: '邻域', next: '下一页', noAnswer: '服务器没有应答。', noNeighbour: '那个方向没有相邻节点', noOtherWay: '没有别的路径了', nothing: '没有叫“{query}”的事物',
  oldBrowser: '此浏览器太旧，无法打开地图：缺少 DecompressionStream。', onlyWay: '唯一的路径', otherNames: '其他写法', overLinks: '{n} 个链接', page: '第 {n} 页，共 {all} 页',
  path: '两个事物之间的路径', pathFound: '{n} 步路径：{way}', pathFrom: '起点…', pathFromHere: '从这里找路径', pathHint: '选择两个事物，看它们如何相连。',
  pathNone: '这两者之间没有联系。', pathNoneFiltered: '在当前筛选下，这两者之间没有联系。', pathSame: '这是同一个事物。', pathTo: '终点…',
  pause: '暂停', play: '随时间播放', pngScale: '屏幕大小的倍数', posts: '文章', previous: '上一页', query: '查询', regions: '区域', relations: '关系',
  results: '结果', run: '运行', running: '正在运行…', saveCsv: '所选内容存为 CSV', saveJson: '所选内容存为 JSON', savePng: '视图存为 PNG', saveSvg: '视图存为 SVG',
  scope: '列出什么', scopeAll: '全部所示内容', scopeHighlighted: '突出显示的内容', scopeSight: '视野内的内容', searchHint: '搜索 {n} 个名称', share: '分享', showing: '显示 {n} / {all}',
  similar: '相似文章', skip: '跳到搜索', skipHubs: '只经过链接不超过此数的事物：', source: '来源', steps: '步数', swap: '交换两端',
  taller: '放大或缩小', table: '表格', tableCaption: '{n} 个节点', terms: '词汇', theme: '主题', themeContrast: '高对比度', themeDark: '深色', themeLight: '浅色', themeSystem: '跟随系统',
  timeline: '从 {from} 到 {to} 共 {n} 篇', to: '到', toggleKind: '显示或隐藏', tools: '工具', try: '试试', types: '类型', wayOf: '第 {n} 条，共 {all} 条', welcome: '搜索名称，或在地图上点选。', wholeText: '全文', whyLinked: '这两者为何相连？',
  zoom: '缩放', zoomFit: '显示整张地图', zoomIn: '放大', zoomOut: '缩小',
};

/**
 * Texts by language and name: one, or one for a single thing and one for any other number.
 * @type {{ en: Record<Word, string | string[]>, zh: Record<Word, string | string[]> }}
 */
export const WORDS = { en: EN, zh: ZH };

/**
 * Many of a kind, in English.
 * @type {Record<string, string>}
 */
export const PLURALS = {
  post: 'Posts', person: 'People', organization: 'Organizations', product: 'Products', work: 'Works', tag: 'Tags', category: 'Categories',
  area: 'Areas', project: 'Projects', series: 'Series', concept: 'Concepts', page: 'Unwritten pages',
};

/**
 * What a relation is called, read forwards and backwards, in English and in Chinese.
 * @type {Record<string, [string, string, string, string]>}
 */
export const RELATIONS = {
  'schema:mentions': ['mentions', 'mentioned by', '提到', '被提到'],
  'schema:citation': ['cites', 'cited by', '引用', '被引用'],
  'schema:keywords': ['tagged', 'tag of', '标签', '用作标签'],
  'dcterms:subject': ['subject', 'subject of', '主题', '是其主题'],
  'schema:isPartOf': ['part of', 'contains', '属于', '包含'],
  'schema:author': ['author', 'author of', '作者', '所著'],
  'schema:contributor': ['contributor', 'contributed to', '参与者', '参与'],
  'schema:publisher': ['publisher', 'publisher of', '发布者', '发布'],
  'kg:speaker': ['speaker', 'speaks in', '主讲', '主讲于'],
  'kg:guest': ['guest', 'guest in', '嘉宾', '做客于'],
  'kg:host': ['host', 'host of', '主持人', '主持'],
  'kg:linksTo': ['links to', 'linked from', '链接到', '被链接'],
  'kg:embeds': ['embeds', 'embedded in', '嵌入', '被嵌入'],
  'kg:defines': ['explains', 'explained in', '解释', '解释于'],
  'skos:related': ['related', 'related', '相关', '相关'],
  'skos:broader': ['broader', 'narrower', '上位', '下位'],
  'schema:abstract': ['summary', '', '摘要', ''],
  'schema:headline': ['headline', '', '标题', ''],
  'schema:isBasedOn': ['source', '', '来源', ''],
  'schema:datePublished': ['published', '', '发布日期', ''],
  'schema:creativeWorkStatus': ['status', '', '状态', ''],
  'schema:inLanguage': ['language', '', '语言', ''],
  'dcterms:identifier': ['file', '', '文件', ''],
  'kg:draft': ['draft', '', '草稿', ''],
  'kg:layout': ['layout', '', '版式', ''],
  'kg:insight': ['insight', '', '洞见', ''],
  'skos:definition': ['definition', '', '定义', ''],
  'owl:sameAs': ['same as', '', '等同于', ''],
  'schema:url': ['address', '', '网址', ''],
  merge: ['brought together', '', '合并依据', ''],
};
