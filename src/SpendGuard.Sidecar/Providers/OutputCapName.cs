namespace SpendGuard.Sidecar.Providers;

/// <summary>
/// The name that a provider takes the output cap of a chat completion by. It is the provider's, whatever name a caller used: a provider
/// that does not know a name ignores it, and its answer is as long as the model likes, or refuses the request.
/// </summary>
internal enum OutputCapName
{
    /// <summary><c>max_tokens</c>, which all that speak the format have known from its beginning.</summary>
    MaxTokens,

    /// <summary><c>max_completion_tokens</c>, which has replaced it where reasoning is bounded too.</summary>
    MaxCompletionTokens,

    /// <summary>Both, for a provider that takes one or the other by the model. Some refuse a request with both.</summary>
    Both,
}
