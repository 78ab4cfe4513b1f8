using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SpendGuard.Bounds;

/// <summary>What a hold pays for: the limits that the provider has to be sent.</summary>
/// <param name="OutputTokens">The output cap, in tokens.</param>
/// <param name="HostedCalls">The most calls of tools that the provider runs; 0 for none.</param>
[Experimental(ApiTier.Adapters)]
[StructLayout(LayoutKind.Auto)]
public readonly record struct CallGrant(long OutputTokens, int HostedCalls = 0);
