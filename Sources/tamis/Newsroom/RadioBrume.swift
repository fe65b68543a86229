// A radio station whose feed address answers with a web page: a feed that cannot be read.

extension Newsroom {
    static let radioBrume = NewsroomOutlet(
        key: "brume", host: "127.0.0.9", name: "Radio Brume", language: "fr",
        feedPath: "/podcast/rss",
        lesson: """
            The feed's address answers 200 with a web page: the failure is told, the feed is tried \
            again later and later, and no other feed suffers.
            """,
        feed: { _ in
            NewsroomPage(
                path: "/podcast/rss", contentType: "text/html; charset=utf-8", body: page)
        },
        layOut: {
            NewsroomPage(path: $0.pagePath, contentType: "text/html; charset=utf-8", body: page)
        })

    private static let page = """
        <!DOCTYPE html>
        <html lang="fr"><head><meta charset="utf-8">
        <title>Radio Brume fait peau neuve</title></head>
        <body>
        <h1>Radio Brume fait peau neuve</h1>
        <p>Nos émissions déménagent. Le nouveau site arrive bientôt ; merci de votre patience.</p>
        <p><a href="{{BASE}}/">Écouter le direct</a></p>
        </body></html>

        """
}
