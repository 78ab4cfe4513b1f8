using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>A provider that does not answer: whether it was reached, cut off or slow is another thing to look at each time.</summary>
public sealed class NoAnswerTests
{
    private const string Ask = """{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""";

    [Fact]
    public async Task Connection_ThatIsNotMade_IsToldWithWhereItGoes()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1"));
        var agent = await sidecar.AgentAsync();

        Assert.Contains("No connection could be made, so nothing was sent. Check the network and the provider's base URL", await ToldAsync(sidecar, agent), StringComparison.Ordinal);
        Assert.Equal(0, await sidecar.SpentAsync(agent));
    }

    /// <summary>A server whose queue is full drops what would connect, as one behind a firewall does: nobody says no, and nothing was sent.</summary>
    [Fact]
    public async Task Connection_ThatNobodyTakesUp_CostsNothing()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var address = (IPEndPoint)full.LocalEndPoint!;
        using var first = new TcpClient();
        await first.ConnectAsync(address);
        await using var sidecar = await SidecarFixture.StartAsync(
            settings: [("OPENAI_BASE_URL", $"http://{address}/v1"), ("SPENDGUARD_PROVIDER_TIMEOUT_SECONDS", "1")]);
        var agent = await sidecar.AgentAsync();

        Assert.Contains("No connection could be made, so nothing was sent.", await ToldAsync(sidecar, agent), StringComparison.Ordinal);
        Assert.Equal(0, await sidecar.SpentAsync(agent));
    }

    [Theory]
    [InlineData("k\u00e9y")]
    [InlineData("key\nX-Other: 1")]
    public async Task Key_ThatCannotBeWritten_CostsNothing(string key)
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("OPENAI_API_KEY", key));
        var agent = await sidecar.AgentAsync();

        Assert.Contains("so nothing was sent. Look at the provider's key", await ToldAsync(sidecar, agent), StringComparison.Ordinal);
        Assert.Equal(0, await sidecar.SpentAsync(agent));
        Assert.Equal(0, sidecar.Provider.Bill.BilledCalls);
    }

    [Fact]
    public async Task Connection_ThatIsCut_IsToldAsThat()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        sidecar.Provider.Behaviour = new() { CutBeforeHeaders = true };

        Assert.Contains("The connection was cut before one began.", await ToldAsync(sidecar, await sidecar.AgentAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatDoesNotBeginInTime_NamesTheSetting()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sidecar = await SidecarFixture.StartAsync(clock, settings: ("SPENDGUARD_PROVIDER_TIMEOUT_SECONDS", "20"));
        var agent = await sidecar.AgentAsync();
        var never = new TaskCompletionSource();
        sidecar.Provider.OnArrival = async _ =>
        {
            clock.Advance(TimeSpan.FromSeconds(21));
            await never.Task;
        };

        var told = await ToldAsync(sidecar, agent);
        never.SetResult();

        Assert.Contains("It did not begin one in time. SPENDGUARD_PROVIDER_TIMEOUT_SECONDS sets how long it may take.", told, StringComparison.Ordinal);
    }

    /// <summary>The server's own sentence names a setting of its own, which nobody can set here.</summary>
    [Fact]
    public void Body_ThatComesTooSlowly_IsToldInOurWords()
    {
        var refusal = Refusal.Of(new BadHttpRequestException(
            "Reading the request body timed out due to data arriving too slowly. See MinRequestBodyDataRate.", StatusCodes.Status408RequestTimeout));

        Assert.Equal((408, "The body of the request came too slowly, or not to its end. Nothing was sent to a provider; send it again."), (refusal!.Status, refusal.Detail));
    }

    private static async Task<string> ToldAsync(SidecarFixture sidecar, string agent)
    {
        var answer = await sidecar.AskAsync("/v1/chat/completions", agent, Ask);
        Assert.Equal((502, "No answer came from openai."), (answer.Status, (string?)answer.Body["detail"]));
        return (string)answer.Body["error"]!["message"]!;
    }
}
