using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Forms;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Where the calls of a route go and what they speak. It is the same for all of them.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Dialect">The wire format.</param>
/// <param name="Path">The path at the provider, from its base address on; <c>{model}</c> stands for the model that a call names.</param>
internal sealed record ProviderRoute(Provider Provider, IDialect Dialect, string Path)
{
    private const string Model = "{model}";

    /// <summary>What of a caller's query goes on, each as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>How answers go back; as the provider gave them unless set.</summary>
    public IAnswerForm Form { get; init; } = NativeForm.Instance;

    /// <summary>The model that the address of a request names; null where the body does.</summary>
    /// <exception cref="BadRequestException">It would be more than a name in the provider's address.</exception>
    public static string? ModelNamed(HttpContext context) => context.GetRouteValue("model") is string model ? ModelName.InAddress(model) : null;

    /// <summary>The path for a model that was named.</summary>
    public string PathFor(string? model) => Path.Replace(Model, model, StringComparison.Ordinal);
}
