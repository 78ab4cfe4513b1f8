using System.Text.Json;

namespace SpendGuard.Sidecar.Tests.Dialects.Fields;

/// <summary>What the types of the providers' own npm packages say of requests.</summary>
/// <param name="Roots">The name that a package's type has here.</param>
/// <param name="Values">The values that a text may have.</param>
/// <param name="Types">Every type that can be in a request.</param>
internal sealed record RequestSchemas(
    Dictionary<string, string> Roots, Dictionary<string, string[]> Values, Dictionary<string, RequestType> Types)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    public static async Task<RequestSchemas> ReadAsync()
    {
        var folder = Repository.Path("tests", "clients-node");
        Assert.True(
            Directory.Exists(Path.Combine(folder, "node_modules", "typescript")),
            "The npm packages are not there. ./test.sh installs them; by hand: npm ci --ignore-scripts, in tests/clients-node.");
        var result = await ChildProcess.RunAsync(
            "node", [Path.Combine(folder, "request-schemas.mjs")], new Dictionary<string, string?>(StringComparer.Ordinal));
        Assert.True(result.ExitCode == 0, $"request-schemas: {result}");
        return JsonSerializer.Deserialize<RequestSchemas>(result.Output, Format)!;
    }
}

/// <param name="Fields">Its fields, each with the types of the objects that may stand there, in a list or alone.</param>
/// <param name="Literals">The texts that a field may be, where the type names them.</param>
internal sealed record RequestType(Dictionary<string, string[]> Fields, Dictionary<string, string[]> Literals);

/// <summary>Reads the packages once for all tests of a class: it takes a few seconds.</summary>
public sealed class RequestSchemasFixture : IAsyncLifetime
{
    internal RequestSchemas Schemas { get; private set; } = null!;

    public async Task InitializeAsync() => Schemas = await RequestSchemas.ReadAsync();

    public Task DisposeAsync() => Task.CompletedTask;
}
