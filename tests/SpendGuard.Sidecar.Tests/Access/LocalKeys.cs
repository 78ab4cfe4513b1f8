using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>Agents and keys at a sidecar on one machine, made by who has the admin key.</summary>
internal static class LocalKeys
{
    public const string AdminKey = "the-admin-key";

    public static Task<SidecarFixture> StartAsync(params (string Name, string? Value)[] settings) => SidecarFixture.StartAsync(settings: settings);

    public static async Task<string> CreateAgentAsync(this SidecarFixture sidecar, long cents = 500)
    {
        var agent = (string)(await sidecar.ControlAsync("/v1/agents", "{}"))["agent_id"]!;
        await sidecar.ControlAsync($"/v1/agents/{agent}/budget", $$"""{"hard_limit_cents":{{cents}},"max_in_flight":16}""");
        return agent;
    }

    public static async Task<string> CreateKeyAsync(this SidecarFixture sidecar, string agent) =>
        (string)(await sidecar.ControlAsync($"/v1/agents/{agent}/keys", "{}"))["api_key"]!;

    public static async Task<string> CreateRevokedKeyAsync(this SidecarFixture sidecar, string agent)
    {
        var made = await sidecar.ControlAsync($"/v1/agents/{agent}/keys", "{}");
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri($"/v1/agents/{agent}/keys/{made["key_id"]}", UriKind.Relative));
        Assert.Equal(200, (await sidecar.SendAsync(request, AdminKey)).Status);
        return (string)made["api_key"]!;
    }

    public static async Task<(int Status, string Body)> SendAsync(this SidecarFixture sidecar, HttpRequestMessage request, string? key)
    {
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("x-api-key", key);
        }

        using var response = await sidecar.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Posts with the admin key, which a sidecar that has none does not look at.</summary>
    private static async Task<JsonNode> ControlAsync(this SidecarFixture sidecar, string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = SidecarUnderTest.Body(json) };
        var (status, body) = await sidecar.SendAsync(request, AdminKey);
        Assert.True(status == 200, body);
        return JsonNode.Parse(body)!;
    }
}
