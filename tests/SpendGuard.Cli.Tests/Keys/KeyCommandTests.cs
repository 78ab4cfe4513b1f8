using System.Text.Json.Nodes;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Keys;

/// <summary>Keys made on the host, and what they open at a sidecar in hosted mode.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class KeyCommandTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Cli Stranger = new();

    private Cli Host => new() { Variables = { ["CAP_POSTGRES"] = database.ConnectionString } };

    [Fact]
    public async Task Keys_FromCreationToRevocation_OpenTheSidecarAsLongAsTheyAreInForce()
    {
        var created = await Host.RunAsync("key create --organization acme --scope cap:use cap:admin --name laptop");
        var key = created.Value("api_key");
        await using var sidecar = await RunningSidecar.StartAsync(
            ("CAP_MODE", "hosted"), ("CAP_STORE", "postgres"), ("CAP_POSTGRES", database.ConnectionString));
        var caller = new Cli { Variables = { ["CAP_BASE_URL"] = sidecar.Address, ["CAP_MODE"] = "hosted", ["CAP_API_KEY"] = key } };

        var agent = (await caller.RunAsync("agent create --name researcher")).Value("agent_id");
        (await caller.RunAsync($"budget set --agent {agent} --limit 500")).Succeeded();
        var bound = (await Host.RunAsync($"key create --organization acme --scope cap:use --agent {agent}")).Value("api_key");
        var own = await caller.RunAsync($"budget get --agent {agent} --api-key {bound}");
        var raised = await caller.RunAsync($"budget set --agent {agent} --limit 999 --api-key {bound}");
        var other = (await caller.RunAsync("agent create --name other")).Value("agent_id");
        var others = await caller.RunAsync($"budget get --agent {other} --api-key {bound}");

        Assert.Equal("500", own.Value("remaining_cents"));
        Assert.Equal(new Ran(1, "", "HTTP 403: The API key lacks the scope cap:admin. Use a key that has it.\n"), raised);
        Assert.StartsWith("HTTP 403: The API key is for another agent.", others.Error, StringComparison.Ordinal);

        (await Host.RunAsync($"key revoke --key {created.Value("key_id")}")).Succeeded();

        Assert.Equal(new Ran(1, "", "HTTP 401: Invalid API key.\n"), await caller.RunAsync("agent list"));
    }

    [Fact]
    public async Task List_TellsWhatKeysAreFor_AndNoKey()
    {
        var key = (await Host.RunAsync("key create --organization listed --scope cap:use --name nightly --test")).Value("api_key");

        var lines = (await Host.RunAsync("key list --organization listed")).Succeeded();
        var json = JsonNode.Parse((await Host.RunAsync("key list --organization listed --json")).Succeeded())!;

        Assert.StartsWith("sk_spendguard_test_", key, StringComparison.Ordinal);
        Assert.Matches("^key_id=[0-9a-f]{16} organization=listed scopes=cap:use agent_id= name=nightly created_at=[-0-9T:]+Z revoked_at=\n$", lines);
        Assert.Equal("nightly", (string)json["keys"]!.AsArray().Single()!["name"]!);
        Assert.DoesNotContain(key[^32..], lines + json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoKeys_SaysSo() => Assert.Equal("(no keys)\n", (await Host.RunAsync("key list --organization nobody")).Succeeded());

    [Theory]
    [InlineData("key create --organization acme --scope cap:admin --agent a", 2, "A key for one agent cannot have cap:admin")]
    [InlineData("key create --organization acme", 2, "Which scope? Give --scope cap:use, --scope cap:admin, or --scope cap:use cap:admin.")]
    [InlineData("key create --organization acme --scope everything", 2, "Argument 'everything' not recognized.")]
    [InlineData("key revoke --key nothing", 1, "There is no key 'nothing'. See: spendguard key list")]
    [InlineData("key list --postgres nonsense", 2, "The connection string cannot be read.")]
    [InlineData("key list --postgres Host=127.0.0.1;Port=9;Username=x;Timeout=1", 1, "The budget database cannot be reached or does not answer.")]
    public async Task Fault_IsOneSentence(string line, int exitCode, string sentence)
    {
        var ran = await Host.RunAsync(line);

        Assert.Equal((exitCode, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoDatabase_IsAUsageFault() => Assert.Equal(
        new Ran(2, "", "Which database has the keys? Give --postgres, or set CAP_POSTGRES; or give --agent for the keys of a sidecar's agent.\n"), await Stranger.RunAsync("key list"));
}
