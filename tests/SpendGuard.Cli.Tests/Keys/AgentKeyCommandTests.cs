using System.Text.Json.Nodes;

namespace SpendGuard.Cli.Tests.Keys;

/// <summary>Keys of agents, made at a sidecar on one machine.</summary>
public sealed class AgentKeyCommandTests
{
    [Fact]
    public async Task Keys_FromCreationToRevocation_AreTheirAgent()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var cli = sidecar.Cli();
        (await cli.RunAsync("agent create --id nightly --name crawler")).Succeeded();
        (await cli.RunAsync("budget set --agent nightly --limit 500")).Succeeded();

        var created = await cli.RunAsync("key create --agent nightly --name laptop");
        var (id, key) = (created.Value("key_id"), created.Value("api_key"));
        Assert.Equal($"key_id={id}\napi_key={key}\n", created.Output);
        Assert.StartsWith("sk_spendguard_", key, StringComparison.Ordinal);

        Assert.Equal("500", (await cli.RunAsync($"budget get --agent nightly --api-key {key}")).Value("remaining_cents"));
        Assert.Equal(1, (await cli.RunAsync($"budget set --agent nightly --limit 999 --api-key {key}")).ExitCode);
        var other = await sidecar.NamedAgentAsync();
        Assert.StartsWith(
            "HTTP 403: The API key is for another agent.", (await cli.RunAsync($"budget get --agent {other} --api-key {key}")).Error, StringComparison.Ordinal);

        var listed = (await cli.RunAsync("key list --agent nightly")).Succeeded();
        Assert.Matches($"^key_id={id} agent_id=nightly name=laptop created_at=[^ ]+ revoked_at=\n$", listed);
        Assert.DoesNotContain(key[^32..], listed, StringComparison.Ordinal);

        Assert.Matches($"^key_id={id} .* revoked_at=[^ ]+\n$", (await cli.RunAsync($"key revoke --agent nightly --key {id}")).Succeeded());
        Assert.Equal(
            new Ran(1, "", "HTTP 401: Invalid API key.\n"), await cli.RunAsync($"budget get --agent nightly --api-key {key}"));
    }

    [Fact]
    public async Task List_NoKeys_SaysSo()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = await sidecar.NamedAgentAsync();

        Assert.Equal("(no keys)\n", (await sidecar.Cli().RunAsync($"key list --agent {agent}")).Succeeded());
    }

    [Theory]
    [InlineData("key create --agent nobody", 1, "HTTP 404: Agent not found")]
    [InlineData("key create", 2, "Whose key is it? Give --agent for an agent of a sidecar, or --organization on the host of hosted mode.")]
    [InlineData("key create --agent a --scope cap:use", 2, "--scope, --test and --postgres are for keys of hosted mode, made on its host.")]
    [InlineData("key create --agent a --postgres Host=x", 2, "--scope, --test and --postgres are for keys of hosted mode, made on its host.")]
    [InlineData("key revoke --key 0123", 2, "Which database has the keys? Give --postgres, or set CAP_POSTGRES; or give --agent for the keys of a sidecar's agent.")]
    public async Task Fault_IsOneSentence(string line, int exitCode, string sentence)
    {
        await using var sidecar = await RunningSidecar.StartAsync();

        var ran = await sidecar.Cli().RunAsync(line);

        Assert.Equal((exitCode, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_UnknownKey_SaysWhereTheyAreListed()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var agent = await sidecar.NamedAgentAsync();

        var ran = await sidecar.Cli().RunAsync($"key revoke --agent {agent} --key 0123");

        Assert.StartsWith("HTTP 404: Key not found\n", ran.Error, StringComparison.Ordinal);
        Assert.Contains($"spendguard key list --agent {agent}", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bootstrap_WithKey_PrintsOneThatWorks()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        var ran = await sidecar.Cli().RunAsync("bootstrap --name nightly --limit 500 --key");

        var (agent, key) = (ran.Value("agent_id"), ran.Value("api_key"));
        Assert.Equal("500", (await sidecar.Cli().RunAsync($"budget get --agent {agent} --api-key {key}")).Value("remaining_cents"));

        var again = JsonNode.Parse((await sidecar.Cli().RunAsync("bootstrap --name nightly --limit 500 --key --json")).Succeeded())!;
        Assert.Equal(agent, (string)again["agent_id"]!);
        Assert.NotEqual(key, (string)again["key"]!["api_key"]!);
    }
}
