namespace SpendGuard.Extensions.AI.Tests.Adapters;

/// <summary>The provider's answers with other words in them, for what the simulated one never says.</summary>
internal sealed class RewrittenAnswers(params (string From, string To)[] words) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        foreach (var (from, to) in words)
        {
            Assert.Contains(from, answer, StringComparison.Ordinal);
            answer = answer.Replace(from, to, StringComparison.Ordinal);
        }

        response.Content = new StringContent(answer, response.Content.Headers.ContentType);
        return response;
    }
}
