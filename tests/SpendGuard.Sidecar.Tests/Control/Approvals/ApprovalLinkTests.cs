using System.Net;
using SpendGuard.Sidecar.Tests.Access;
using SpendGuard.Sidecar.Tests.Control.Tree;

namespace SpendGuard.Sidecar.Tests.Control.Approvals;

/// <summary>A signed link approves what it says, once, for whoever has it, and by its button alone.</summary>
public sealed class ApprovalLinkTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;
    private string _id = null!;
    private string _link = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync(settings:
        [
            ("SPENDGUARD_APPROVAL_LINK_SECRET", "a secret of at least thirty-two characters"),
            ("SPENDGUARD_PUBLIC_URL", "https://spend.example/guard/"),
        ]);
        await _sidecar.GroupAsync("acme");
        await _sidecar.MemberAsync("ann", "acme");
        await _sidecar.LimitAsync("agents/ann", "total", """{"amount_cents":0,"action":"ask"}""");
        _id = (string)(await _sidecar.ChatAsync("ann")).Body["approval_id"]!;
        var url = (string)(await _sidecar.GetAsync($"/v1/approvals/{_id}")).Body["approve_url"]!;
        Assert.StartsWith($"https://spend.example/guard/v1/approvals/{_id}/link?add=100000000&for=3600&expires=", url, StringComparison.Ordinal);
        _link = url["https://spend.example/guard".Length..];
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Link_Opened_ChangesNothing_AndItsButtonApprovesOnce()
    {
        var page = await OpenAsync(HttpMethod.Get, _link);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("<form method=\"post\"><button>Add $1.00</button></form>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.Ordinal);
        Assert.Equal("pending", await StateAsync());

        Assert.Contains("Approved", (await OpenAsync(HttpMethod.Post, _link)).Text, StringComparison.Ordinal);
        Assert.Contains("Approved", (await OpenAsync(HttpMethod.Post, _link)).Text, StringComparison.Ordinal);

        Assert.Equal("approved", await StateAsync());
        Assert.Equal(100_000_000, (long)(await _sidecar.GetAsync("/v1/agents/ann/budget")).Body["raised_microcents"]!);
        Assert.Equal("signed link", (string?)(await _sidecar.GetAsync($"/v1/approvals/{_id}")).Body["by"]);
        Assert.Null((await _sidecar.GetAsync($"/v1/approvals/{_id}")).Body["approve_url"]);
        Assert.Equal(200, (await _sidecar.ChatAsync("ann")).Status);
    }

    /// <summary>Without an admin key whoever reaches a route may use it, and a proxy brings the whole world to that name.</summary>
    [Theory]
    [InlineData("GET", "/v1/approvals?state=pending")]
    [InlineData("GET", "/v1/agents")]
    [InlineData("POST", "/v1/agents")]
    [InlineData("POST", "/v1/chat/completions")]
    [InlineData("GET", "/health")]
    public async Task PublicName_IsThatOfLinksAlone(string method, string path)
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, _link, "spend.example", origin: null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Post, _link, "spend.example", "https://spend.example"));

        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(new HttpMethod(method), path, "spend.example", origin: null));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new HttpMethod(method), path, "localhost", "https://spend.example"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(HttpMethod.Get, _link, "evil.example", origin: null));
    }

    [Fact]
    public async Task Link_ThatSaysAnythingElse_DoesNotWork()
    {
        foreach (var other in (string[])
            [
                _link.Replace("add=100000000", "add=900000000", StringComparison.Ordinal),
                _link.Replace("for=3600", "for=36000", StringComparison.Ordinal),
                _link.Replace("expires=1", "expires=2", StringComparison.Ordinal),
                _link[..^2],
                _link[.._link.IndexOf("&signature", StringComparison.Ordinal)],
                _link.Replace(_id, "apr_another", StringComparison.Ordinal),
            ])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await OpenAsync(HttpMethod.Get, other)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await OpenAsync(HttpMethod.Post, other)).Status);
        }

        Assert.Equal("pending", await StateAsync());
    }

    [Fact]
    public async Task Link_OfWhatWasDenied_DoesNotApprove()
    {
        await _sidecar.AskAsync($"/v1/approvals/{_id}/deny", agent: null, "{}");

        Assert.Equal(HttpStatusCode.Conflict, (await OpenAsync(HttpMethod.Post, _link)).Status);
        Assert.Equal("denied", await StateAsync());
    }

    [Fact]
    public async Task Link_OfWhatIsOver_SaysSo_WithoutAButton()
    {
        await _sidecar.LimitAsync("agents/ann", "total", """{"amount_cents":0,"action":"ask"}""");

        var page = await OpenAsync(HttpMethod.Get, _link);

        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.Contains("This request is over", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<button>", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await OpenAsync(HttpMethod.Post, _link)).Status);
        Assert.Equal("over", await StateAsync());
    }

    private async Task<string?> StateAsync() => (string?)(await _sidecar.GetAsync($"/v1/approvals/{_id}")).Body["state"];

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string host, string? origin)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await _sidecar.Client.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<(HttpStatusCode Status, string Text)> OpenAsync(HttpMethod method, string link)
    {
        using var request = new HttpRequestMessage(method, link);
        using var response = await _sidecar.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
