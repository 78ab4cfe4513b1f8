using System.Text;
using SpendGuard.Billing;
using SpendGuard.Providers;

namespace SpendGuard.Tests.Providers;

/// <summary>What an error answer says of a call's cost, as a table.</summary>
public sealed class VendorErrorTests
{
    private const string AnthropicOverload = """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""";
    private const string OpenAIOverload =
        """{"error":{"type":"service_unavailable_error","code":"server_is_overloaded","message":"Try again later.","param":null}}""";

    private const string OldOpenAIOverload =
        """{"error":{"message":"That model is currently overloaded with other requests.","type":"server_error","param":null,"code":null}}""";

    private const string GeminiOverload = """{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}""";
    private const string GeminiDeadline = """{"error":{"code":503,"message":"Deadline expired before operation could complete.","status":"UNAVAILABLE"}}""";
    private const string XAIOverload = """{"code":"The service is currently unavailable","error":"The model is currently at capacity due to high demand."}""";
    private const string ServerError = """{"error":{"message":"The server had an error while processing your request.","type":"server_error","code":null}}""";

    private const string Free = "free";
    private const string Overload = "overload";
    private const string Unknown = "unknown";

    /// <summary>Whoever it is: what is refused before a model runs is free, and what may have run is not.</summary>
    [Theory]
    [InlineData(400, Free)]
    [InlineData(401, Free)]
    [InlineData(402, Free)]
    [InlineData(403, Free)]
    [InlineData(404, Free)]
    [InlineData(408, Unknown)]
    [InlineData(409, Free)]
    [InlineData(413, Free)]
    [InlineData(422, Free)]
    [InlineData(429, Free)]
    [InlineData(499, Unknown)]
    [InlineData(300, Unknown)]
    [InlineData(301, Unknown)]
    [InlineData(302, Unknown)]
    [InlineData(303, Unknown)]
    [InlineData(304, Unknown)]
    [InlineData(307, Free)]
    [InlineData(308, Free)]
    [InlineData(500, Unknown)]
    [InlineData(502, Unknown)]
    [InlineData(503, Unknown)]
    [InlineData(504, Unknown)]
    [InlineData(529, Unknown)]
    public void Status_AtAnyVendor(int status, string cost)
    {
        foreach (var vendor in (string[])["openai", "anthropic", "gemini", "grok", "azure", "local"])
        {
            var billed = vendor == "azure" && status == 400;
            foreach (var body in (string[])["", "{}", "[]", "null", "\"overloaded\"", "<html>overloaded</html>", """{"error":{"message":"No."}}""", """{"\ud800":1}"""])
            {
                Assert.Equal((vendor, status, billed ? Unknown : cost), (vendor, status, CostOf(Vendor.Of(vendor), status, body)));
            }
        }
    }

    /// <param name="vendor">Who answers.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="body">Its body.</param>
    /// <param name="cost">What it says of the call's cost.</param>
    [Theory]
    [InlineData("anthropic", 529, AnthropicOverload, Overload)]
    [InlineData("anthropic", 503, AnthropicOverload, Overload)]
    [InlineData("anthropic", 500, AnthropicOverload, Unknown)]
    [InlineData("anthropic", 503, OpenAIOverload, Unknown)]
    [InlineData("openai", 503, OpenAIOverload, Overload)]
    [InlineData("openai", 503, OldOpenAIOverload, Overload)]
    [InlineData("openai", 503, """{"error":{"type":"slow_down","message":"Slow down"}}""", Overload)]
    [InlineData("openai", 503, ServerError, Unknown)]
    [InlineData("openai", 500, OldOpenAIOverload, Unknown)]
    [InlineData("openai", 502, OpenAIOverload, Unknown)]
    [InlineData("gemini", 503, GeminiOverload, Overload)]
    [InlineData("gemini", 503, "[" + GeminiOverload + "]", Overload)]
    [InlineData("gemini", 503, GeminiDeadline, Unknown)]
    [InlineData("gemini", 504, GeminiOverload, Unknown)]
    [InlineData("grok", 503, XAIOverload, Overload)]
    [InlineData("grok", 503, ServerError, Unknown)]
    [InlineData("azure", 503, OldOpenAIOverload, Overload)]
    [InlineData("azure", 503, ServerError, Unknown)]
    [InlineData("local", 503, OldOpenAIOverload, Unknown)]
    [InlineData("local", 529, AnthropicOverload, Unknown)]
    public void Overload_IsTheVendorsOwn(string vendor, int status, string body, string cost) =>
        Assert.Equal(cost, CostOf(Vendor.Of(vendor), status, body));

    /// <summary>Who is asked for the price need not be who answers: the host tells.</summary>
    [Theory]
    [InlineData("openai", "https://mine.openai.azure.com/openai", Unknown)]
    [InlineData("openai", "https://mine.services.ai.azure.com/", Unknown)]
    [InlineData("openai", "https://mine.openai.azure.us/", Unknown)]
    [InlineData("openai", "https://mine.openai.azure.cn/", Unknown)]
    [InlineData("anthropic", "https://mine.services.ai.azure.com/anthropic", Unknown)]
    [InlineData("azure", "https://gateway.example.com/", Unknown)]
    [InlineData("openai", "https://api.openai.com/v1", Free)]
    [InlineData("openai", "https://azure.com.example.com/", Free)]
    [InlineData("openai", null, Free)]
    public void BadRequest_IsBilledByWhoeverServesTheHost(string provider, string? address, string cost) =>
        Assert.Equal(cost, CostOf(Vendor.Serving(provider, address is null ? null : new Uri(address)), 400, "{}"));

    private static string CostOf(Vendor vendor, int status, string body) => vendor.ReportError(status, Encoding.UTF8.GetBytes(body)) switch
    {
        { Unbilled: true, Overloaded: false } => Free,
        { Unbilled: false, Overloaded: true } => Overload,
        { Unbilled: false, Overloaded: false, Reason.Length: > 0 } => Unknown,
        var other => other.ToString(),
    };
}
