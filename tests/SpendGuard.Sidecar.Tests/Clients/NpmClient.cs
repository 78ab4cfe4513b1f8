using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>Runs one of the scripts in tests/clients-node, each of which uses one provider's own npm package.</summary>
internal static class NpmClient
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <param name="script">The script, without its extension.</param>
    /// <param name="sidecar">Where the client is pointed at.</param>
    /// <param name="agent">Whose budget pays.</param>
    /// <param name="calls">The calls to make, one after the other.</param>
    /// <param name="maxRetries">How often the client may retry; null for its default.</param>
    /// <param name="settings">What else the script is told, such as another base address.</param>
    /// <returns>What the client saw of each call.</returns>
    public static async Task<IReadOnlyList<ClientCall>> RunAsync(
        string script, SidecarFixture sidecar, string agent, IReadOnlyList<string> calls, int? maxRetries = null, params (string Name, string Value)[] settings)
    {
        var folder = Repository.Path("tests", "clients-node");
        Assert.True(
            Directory.Exists(Path.Combine(folder, "node_modules")),
            "The npm packages are not there. ./test.sh installs them; by hand: npm ci --ignore-scripts, in tests/clients-node.");
        var result = await ChildProcess.RunAsync(
            "node",
            [Path.Combine(folder, script + ".mjs"), .. calls],
            new Dictionary<string, string?>(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)), StringComparer.Ordinal)
            {
                ["SIDECAR_URL"] = sidecar.Address,
                ["SPENDGUARD_AGENT_ID"] = agent,
                ["MAX_RETRIES"] = maxRetries?.ToString(),
            });
        Assert.True(result.ExitCode == 0, $"{script}: {result}");
        var seen = result.Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<ClientCall>(line, Format)!)
            .ToList();
        Assert.Equal(calls, seen.Select(call => call.Call));
        return seen;
    }
}

/// <summary>What a client saw of one call.</summary>
internal sealed record ClientCall
{
    public required string Call { get; init; }

    /// <summary>What the budget lost by it, in microcents.</summary>
    public required long Spent { get; init; }

    public string? Text { get; init; }

    /// <summary>The names of the models that it was told of.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    public ClientUsage? Usage { get; init; }

    /// <summary>The arguments of the tool calls.</summary>
    public IReadOnlyList<JsonElement>? ToolCalls { get; init; }

    public long? CacheWrite { get; init; }

    /// <summary>How many chunks of a chat stream had no choices.</summary>
    public int? Choiceless { get; init; }

    /// <summary>The class of the error.</summary>
    public string? Error { get; init; }

    public int? Status { get; init; }

    public string? Code { get; init; }

    public string? Type { get; init; }

    public string? Message { get; init; }
}

/// <param name="Input">Input tokens, those of the cache included.</param>
/// <param name="Output">Output tokens.</param>
internal sealed record ClientUsage([property: JsonPropertyName("input")] long? Input, [property: JsonPropertyName("output")] long? Output);
