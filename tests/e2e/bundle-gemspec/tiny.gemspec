Gem::Specification.new do |spec|
  spec.name = 'tiny'
  spec.version = '1.0'
  spec.summary = 'a small server'
  spec.authors = ['nobody in particular']
  spec.files = `git ls-files -z`.split("\x0")
end
