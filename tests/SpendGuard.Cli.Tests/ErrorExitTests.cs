using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Snapshooter.Xunit;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests;

/// <summary>Every way that a command can fail: nothing on the output, a sentence on the error stream, and the exit code that scripts act on.</summary>
public sealed class ErrorExitTests : IAsyncLifetime
{
    private const string Nobody = "00000000-0000-0000-0000-000000000000";

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await RunningSidecar.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    /// <summary>Where <c>detail</c> is short because it was fixed, the whole sentence is the second line.</summary>
    [Theory]
    [InlineData("agent get --agent " + Nobody, Nobody, "Agent not found")]
    [InlineData("agent rename --name x --agent " + Nobody, Nobody, "Agent not found")]
    [InlineData("agent delete --agent " + Nobody, Nobody, "Agent not found")]
    [InlineData("agent get --agent ../agents", "..%2Fagents", "Agent not found")]
    [InlineData("budget get --agent " + Nobody, Nobody, "Budget not found")]
    [InlineData("budget set --limit 5 --agent " + Nobody, Nobody, "Agent not found")]
    public async Task Refusal_WithAShortDetail_IsOne_AndSaysTheRest(string line, string agent, string detail)
    {
        var ran = await _sidecar.Cli().RunAsync(line);

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        var lines = ran.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Equal("HTTP 404: " + detail, lines[0]);
        Assert.StartsWith($"There is no agent with the id or the name '{agent}'", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("budget set --limit 0 --agent " + Nobody, "HTTP 400: 'hard_limit_cents' has to be a whole number of at least 1.")]
    public async Task Refusal_OfTheSidecar_IsOne(string line, string sentence)
    {
        var ran = await _sidecar.Cli().RunAsync(line);

        Assert.Equal(new Ran(1, "", sentence + "\n"), ran);
    }

    [Theory]
    [InlineData("agent", "Required command was not provided.", "spendguard agent")]
    [InlineData("agnet list", "Unrecognized command or argument 'agnet'. Did you mean 'agent'?\nSee: ", "spendguard")]
    [InlineData("agent lst --json", "Unrecognized command or argument 'lst'. Did you mean 'list'?\nSee: ", "spendguard agent")]
    [InlineData("something else", "Unrecognized command or argument 'something'.\nSee: ", "spendguard")]
    [InlineData("budget set --agnet x --limit 5", "Unrecognized command or argument '--agnet'. Did you mean '--agent'?\nUnrecognized command or argument 'x'.\n", "spendguard budget set")]
    [InlineData("agent list --jsno", "Unrecognized command or argument '--jsno'. Did you mean '--json'?\nSee: ", "spendguard agent list")]
    [InlineData("agent get", "Which agent? Give --agent with its id or ", "spendguard agent get")]
    [InlineData("pause --reson x", "Unrecognized command or argument '--reson'. Did you mean '--reason'?\n", "spendguard pause")]
    [InlineData("prices show --jsno", "Unrecognized command or argument '--jsno'. Did you mean '--json'?\n", "spendguard prices show")]
    [InlineData("budget set --limit 5 --topup -1 --agent x", "--topup is '-1'; give a whole number of cents, or an amount such as '$5.50' or 5.50usd.", "spendguard budget set")]
    [InlineData("budget set --agent x", "Option '--limit' is required.", "spendguard budget set")]
    [InlineData("budget set --agent x --limit 5.5", "--limit is '5.5'; give a whole number of ", "spendguard budget set")]
    [InlineData("budget watch --interval 0", "--interval is '0'; give seconds between 0.1 and 3600.", "spendguard budget watch")]
    [InlineData("agent list --colour", "Unrecognized command or argument '--colour'.", "spendguard agent list")]
    public async Task Usage_IsTwo(string line, string sentence, string command)
    {
        var ran = await _sidecar.Cli().RunAsync(line);

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence, ran.Error, StringComparison.Ordinal);
        Assert.EndsWith($"\nSee: {command} --help\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_IsHelp()
    {
        var ran = await new Cli().RunAsync("");

        Assert.Equal((0, ""), (ran.ExitCode, ran.Error));
        Assert.Equal((await new Cli().RunAsync("--help")).Output, ran.Output);
        Assert.Contains("Usage:", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not-an-address")]
    [InlineData("ftp://localhost")]
    [InlineData("http://localhost?x=1")]
    public async Task Address_ThatIsNone_IsTwo(string address)
    {
        var ran = await new Cli().RunAsync($"agent list --base-url {address}");

        Assert.Equal(new Ran(2, "", $"'{address}' is no address of a sidecar. Give one such as http://localhost:8787.\n"), ran);
    }

    /// <summary>It would go to the sidecar of this machine otherwise. What is given by an option, and the variable of a provider, hide nothing.</summary>
    [Theory]
    [InlineData("CAP_BASE_ULR", "CAP_BASE_URL", "")]
    [InlineData("CAP_API_KYE", "CAP_API_KEY", "")]
    [InlineData("CAP_BASE_ULR", null, " --base-url {0}")]
    [InlineData("XAI_BASE_URL", null, " --base-url {0}")]
    [InlineData("XAI_API_KEY", null, "")]
    public async Task Variable_ThatIsMisspelt_IsTwo(string name, string? meant, string options)
    {
        var cli = _sidecar.Cli();
        var address = cli.Variables["CAP_BASE_URL"];
        if (meant == "CAP_BASE_URL" || options.Length > 0)
        {
            cli.Variables.Remove("CAP_BASE_URL");
        }

        cli.Variables[name] = address;
        var ran = await cli.RunAsync("agent list" + string.Format(CultureInfo.InvariantCulture, options, address));

        Assert.Equal((meant is null ? 0 : 2, meant is null ? "" : $"{name} is set, and {meant} is not. Set that, or take {name} out.\n"), (ran.ExitCode, ran.Error));
    }

    [Theory]
    [InlineData("agent", "get", "--agent", "")]
    [InlineData("agent", "get", " ")]
    public async Task Agent_ThatIsEmpty_IsTwo(params string[] line)
    {
        var ran = await _sidecar.Cli().RunAsync(line);

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith("The agent is empty. Give its id or its name.\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostedMode_WithoutAKey_IsTwo()
    {
        var cli = _sidecar.Cli();
        cli.Variables["CAP_MODE"] = "hosted";

        Assert.Equal(
            new Ran(2, "", "CAP_MODE is hosted, where a key is needed. Give --api-key, or set CAP_API_KEY.\n"), await cli.RunAsync("agent list"));
        (await cli.RunAsync("agent list --api-key key")).Succeeded();
        cli.Variables["CAP_API_KEY"] = "key";
        (await cli.RunAsync("agent list")).Succeeded();
    }

    [Fact]
    public async Task NothingThatListens_IsOne()
    {
        var ran = await new Cli().RunAsync("agent list --base-url http://127.0.0.1:1");

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Snapshot.Match(ran.Error);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>", "What answers at ADDRESS is no sidecar: ")]
    [InlineData(200, "application/json", "null", "What answers at ADDRESS is no sidecar: It is null. Check --base-url.")]
    [InlineData(200, "application/json", "{}", "What answers at ADDRESS is no sidecar: ")]
    [InlineData(502, "text/html", "<html>", "HTTP 502: Bad Gateway")]
    [InlineData(422, "application/json", """{"detail":[{"loc":["name"]}]}""", """HTTP 422: [{"loc":["name"]}]""")]
    public async Task AnswerOfSomethingElse_IsOne(int status, string type, string body, string sentence)
    {
        await using var other = await OtherServerAsync(status, type, body);

        var ran = await new Cli().RunAsync($"agent list --base-url {other.Urls.Single()}");

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence.Replace("ADDRESS", other.Urls.Single(), StringComparison.Ordinal), ran.Error, StringComparison.Ordinal);
    }

    internal static async Task<WebApplication> OtherServerAsync(int status, string type, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return app;
    }
}
