using System.Net;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>A sidecar on one machine whose control routes have a key.</summary>
public sealed class AdminKeyTests
{
    private const string Key = "the-admin-key";

    [Fact]
    public async Task EveryRoute_WithEachKindOfKey_OpensAsItsRuleSays()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("CAP_ADMIN_KEY", Key));
        (string? Header, string? Value, bool Opens)[] keys =
        [
            (null, null, false),
            ("x-api-key", "another-key", false),
            ("x-api-key", Key + " ", true), // White space at the ends of a header's value is no part of it.
            ("x-api-key", Key[..^1], false),
            ("Authorization", "Bearer another-key", false),
            ("Authorization", "Basic " + Key, false),
            ("Authorization", "Bearer " + Key, true),
            ("authorization", "bearer " + Key, true),
        ];
        foreach (var route in Route.All(sidecar.App))
        {
            foreach (var (header, value, opens) in keys)
            {
                using var request = route.Request("nobody");
                if (header is not null)
                {
                    request.Headers.TryAddWithoutValidation(header, value);
                }

                using var response = await sidecar.Client.SendAsync(request);

                var shut = route.Rule is AccessRule.Read or AccessRule.Admin && !opens;
                Assert.True(
                    shut == (response.StatusCode == HttpStatusCode.Unauthorized),
                    $"{route} with {header}: {value} answered {(int)response.StatusCode}.");
                Assert.NotEqual(HttpStatusCode.Forbidden, response.StatusCode);
            }
        }

        Assert.DoesNotContain(sidecar.Provider.Calls, call => call.Billed);
    }

    [Fact]
    public async Task AdminKey_IsNotSentToTheProvider()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("CAP_ADMIN_KEY", Key));
        sidecar.Client.DefaultRequestHeaders.Add("x-api-key", Key);
        var agent = await sidecar.AgentAsync();
        var sent = "";
        sidecar.Provider.OnArrival = request =>
        {
            sent = string.Join('\n', request.Headers);
            return Task.CompletedTask;
        };

        using var response = await sidecar.PostAsync(
            "/v1/chat/completions", agent, """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hello"}]}""");

        response.EnsureSuccessStatusCode();
        Assert.Contains("the-openai-key", sent, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoAdminKey_ControlRoutesAreOpen()
    {
        await using var sidecar = await SidecarFixture.StartAsync();

        using var response = await sidecar.Client.GetAsync(new Uri("/v1/agents", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
