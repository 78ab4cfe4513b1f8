using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Keys;

/// <summary>A key that has just been made.</summary>
/// <param name="Key">What is known of it from now on.</param>
/// <param name="Secret">Its text, which is nowhere else and cannot be told again.</param>
[Experimental(ApiTier.Adapters)]
public sealed record NewAgentKey(AgentKey Key, ApiKeySecret Secret);
